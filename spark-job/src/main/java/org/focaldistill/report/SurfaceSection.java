package org.focaldistill.report;

import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;

import j2html.tags.specialized.SectionTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.NumericSetting;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;

/** What each pair's quantities are over two axes, fitted to its trials wherever they lie. */
final class SurfaceSection implements Section {
    private static final List<Quantity> FITTED = List.of(Quantity.TEST_CE, Quantity.TEST_TOP1, Quantity.TEST_ECE);
    private static final String HOW =
            "A polynomial of second order in both axes, with seeds as blocks. It tells where good"
                    + " values lie among trials that are no grid, and how surely; rings are where trials are. Far from them it is a"
                    + " guess, as its interval says.";

    private final Map<String, List<Drawn>> surfaces;
    private final List<String> unfitted;
    private final Map<String, TextGrid> points;

    private SurfaceSection(Map<String, List<Drawn>> surfaces, List<String> unfitted, Map<String, TextGrid> points) {
        this.surfaces = surfaces;
        this.unfitted = List.copyOf(unfitted);
        this.points = points;
    }

    /** A surface with its pictures, which the page has and which are files too. */
    private record Drawn(Surface surface, List<Chart> charts) {}

    /** @param axes two of them; null for the first two that a pair's trials vary */
    static SurfaceSection of(List<Finished> finished, @Nullable List<NumericSetting> axes) {
        Map<String, List<Drawn>> surfaces = new LinkedHashMap<>();
        List<String> unfitted = new ArrayList<>();
        for (List<Finished> group : groups(finished)) {
            String pair = Panel.pair(group.get(0).outcome().trial());
            List<NumericSetting> varied = variedIn(group);
            List<NumericSetting> chosen = axes == null ? varied : axes;
            List<Drawn> fitted = chosen.size() < 2
                    ? List.of()
                    : FITTED.stream()
                            .flatMap(quantity -> Surface.of(quantity, chosen.get(0), chosen.get(1), group).stream())
                            .map(surface -> new Drawn(surface, surface.charts()))
                            .toList();
            if (!fitted.isEmpty()) {
                surfaces.computeIfAbsent(pair, key -> new ArrayList<>()).addAll(fitted);
            } else if (axes != null) {
                unfitted.add(pair + ": " + whyUnfitted(axes, varied));
            }
        }
        return new SurfaceSection(surfaces, unfitted, PointTable.of(finished));
    }

    /** Trials that can be compared along axes. */
    private static List<List<Finished>> groups(List<Finished> finished) {
        Map<Map<String, String>, List<Finished>> groups = new LinkedHashMap<>();
        for (Finished each : finished) {
            if (each.outcome().status() == TrialStatus.OK) {
                groups.computeIfAbsent(NumericSetting.others(each.outcome().trial()), key -> new ArrayList<>())
                        .add(each);
            }
        }
        return List.copyOf(groups.values());
    }

    private static List<NumericSetting> variedIn(List<Finished> group) {
        return NumericSetting.varied(
                group.stream().map(each -> each.outcome().trial()).toList());
    }

    /** The axes along which trials that can be compared differ anywhere. */
    static List<NumericSetting> varied(List<Finished> finished) {
        return groups(finished).stream()
                .flatMap(group -> variedIn(group).stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static String whyUnfitted(List<NumericSetting> axes, List<NumericSetting> varied) {
        List<NumericSetting> same =
                axes.stream().filter(axis -> !varied.contains(axis)).toList();
        return same.isEmpty()
                ? "nothing is fitted over " + words(axes) + ", as that takes more different places than a surface has"
                        + " numbers, and seeds that vary both data and weights or one of them"
                : "nothing is fitted over " + words(axes) + ", as all trials have one " + words(same) + "; "
                        + (varied.isEmpty() ? "no axis varies" : "they vary " + words(varied));
    }

    static String words(List<NumericSetting> axes) {
        return axes.stream().map(NumericSetting::word).collect(Collectors.joining(" and "));
    }

    /** Pairs of which nothing could be fitted over the axes that were asked for, and why. */
    List<String> unfitted() {
        return unfitted;
    }

    boolean isEmpty() {
        return surfaces.isEmpty() && unfitted.isEmpty() && points.isEmpty();
    }

    /** All pictures, in the page's order. */
    List<Chart> charts() {
        return surfaces.values().stream()
                .flatMap(List::stream)
                .flatMap(drawn -> drawn.charts().stream())
                .toList();
    }

    @Override
    public String id() {
        return "surfaces";
    }

    @Override
    public String link() {
        return "Fitted over two axes";
    }

    @Override
    public SectionTag html() {
        SectionTag section = section(h2(link()), p(HOW).withClass("soft"));
        int number = 0;
        for (Map.Entry<String, List<Drawn>> pair : surfaces.entrySet()) {
            section.with(h3(pair.getKey()));
            for (Drawn drawn : pair.getValue()) {
                section.with(p(drawn.surface().sentence()), Chart.gallery(id() + "-" + number++, drawn.charts()));
            }
        }
        unfitted.forEach(why -> section.with(p(why + ".")));
        points.forEach((pair, grid) -> section.with(h3("Points of " + pair + ", the lowest CE first"), grid.html()));
        return section;
    }

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder("\n## " + link() + "\n\n" + HOW + "\n");
        surfaces.forEach((pair, all) -> {
            text.append("\n### ").append(pair).append("\n\n");
            all.forEach(drawn ->
                    text.append("* ").append(drawn.surface().sentence()).append('\n'));
        });
        unfitted.forEach(why -> text.append('\n').append(why).append(".\n"));
        points.forEach((pair, grid) -> text.append("\n### Points of ")
                .append(pair)
                .append(", the lowest CE first\n\n")
                .append(grid.markdown()));
        return text.toString();
    }
}
