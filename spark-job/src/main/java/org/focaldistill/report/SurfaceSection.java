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
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.NumericSetting;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;

/** What each pair's quantities are over two axes, fitted to its trials wherever they lie. */
final class SurfaceSection implements Section {
    private static final List<Quantity> FITTED = List.of(Quantity.TEST_CE, Quantity.TEST_TOP1, Quantity.TEST_ECE);
    private static final String HOW =
            "A polynomial of second order in both axes, with seeds as blocks. It tells where good"
                    + " values lie among trials that are no grid, and how surely; rings are where trials are. Far from them it is a"
                    + " guess, as its interval says.";

    private final Map<String, List<Surface>> surfaces;
    private final Map<String, TextGrid> points;

    private SurfaceSection(Map<String, List<Surface>> surfaces, Map<String, TextGrid> points) {
        this.surfaces = surfaces;
        this.points = points;
    }

    /** @param axes two of them; null for the first two that a pair's trials vary */
    static SurfaceSection of(List<Finished> finished, @Nullable List<NumericSetting> axes) {
        Map<Map<String, String>, List<Finished>> groups = new LinkedHashMap<>();
        for (Finished each : finished) {
            if (each.outcome().status() == TrialStatus.OK) {
                groups.computeIfAbsent(NumericSetting.others(each.outcome().trial()), key -> new ArrayList<>())
                        .add(each);
            }
        }
        Map<String, List<Surface>> surfaces = new LinkedHashMap<>();
        for (List<Finished> group : groups.values()) {
            List<Trial> trials =
                    group.stream().map(each -> each.outcome().trial()).toList();
            List<NumericSetting> chosen = axes == null ? NumericSetting.varied(trials) : axes;
            if (chosen.size() >= 2) {
                FITTED.forEach(quantity -> Surface.of(quantity, chosen.get(0), chosen.get(1), group)
                        .ifPresent(surface -> surfaces.computeIfAbsent(
                                        Panel.pair(trials.get(0)), pair -> new ArrayList<>())
                                .add(surface)));
            }
        }
        return new SurfaceSection(surfaces, PointTable.of(finished));
    }

    boolean isEmpty() {
        return surfaces.isEmpty() && points.isEmpty();
    }

    /** All pictures, in the page's order. */
    List<Chart> charts() {
        return surfaces.values().stream()
                .flatMap(List::stream)
                .flatMap(surface -> surface.charts().stream())
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
        for (Map.Entry<String, List<Surface>> pair : surfaces.entrySet()) {
            section.with(h3(pair.getKey()));
            for (Surface surface : pair.getValue()) {
                section.with(p(surface.sentence()), Chart.gallery(id() + "-" + number++, surface.charts()));
            }
        }
        points.forEach((pair, grid) -> section.with(h3("Points of " + pair + ", the lowest CE first"), grid.html()));
        return section;
    }

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder("\n## " + link() + "\n\n" + HOW + "\n");
        surfaces.forEach((pair, all) -> {
            text.append("\n### ").append(pair).append("\n\n");
            all.forEach(surface -> text.append("* ").append(surface.sentence()).append('\n'));
        });
        points.forEach((pair, grid) -> text.append("\n### Points of ")
                .append(pair)
                .append(", the lowest CE first\n\n")
                .append(grid.markdown()));
        return text.toString();
    }
}
