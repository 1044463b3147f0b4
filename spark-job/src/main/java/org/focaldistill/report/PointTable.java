package org.focaldistill.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.NumericSetting;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.text.Words;

/** Points of a search that is no grid, with a column for every setting that they vary. */
final class PointTable {
    private static final String NOTHING = "-";

    private PointTable() {}

    /** Roles whose trials have tables of their own. */
    private static final Set<Role> ELSEWHERE = EnumSet.of(Role.POINT, Role.VARIANT);

    /** Whether these trials of one panel are a point or a variant by itself: there is nothing of the panel to compare it with. */
    static boolean isAlone(List<Finished> panel) {
        return panel.stream().allMatch(each -> ELSEWHERE.containsAll(each.roles()))
                && panel.stream().map(Panel::weights).distinct().count() == 1;
    }

    private static boolean isPoint(Finished finished) {
        return finished.roles().equals(Set.of(Role.POINT));
    }

    /** The points of each pair, the lowest CE first; none if no point varies more than weights. */
    static Map<String, TextGrid> of(List<Finished> finished) {
        Map<String, List<Finished>> byPair = new LinkedHashMap<>();
        finished.stream()
                .filter(PointTable::isPoint)
                .forEach(
                        each -> byPair.computeIfAbsent(Panel.pair(each.outcome().trial()), pair -> new ArrayList<>())
                                .add(each));
        Map<String, TextGrid> tables = new LinkedHashMap<>();
        byPair.forEach((pair, points) -> {
            List<Trial> trials =
                    points.stream().map(each -> each.outcome().trial()).toList();
            List<NumericSetting> varied = NumericSetting.varied(trials);
            boolean schedules = trials.stream()
                            .map(trial -> trial.recipe().schedule())
                            .distinct()
                            .count()
                    > 1;
            if (schedules || varied.stream().anyMatch(setting -> setting.ordinal() > NumericSetting.BETA.ordinal())) {
                tables.put(pair, table(points, varied, schedules));
            }
        });
        return tables;
    }

    private static TextGrid table(List<Finished> points, List<NumericSetting> varied, boolean schedules) {
        List<String> header = new ArrayList<>(List.of("place"));
        varied.forEach(setting -> header.add(setting.word()));
        if (schedules) {
            header.add("schedule");
        }
        header.addAll(List.of("seed", "status", "top-1", "CE", "ECE"));
        TextGrid grid = new TextGrid(header);
        List<Finished> sorted = points.stream()
                .sorted(Comparator.comparingDouble(PointTable::ce))
                .toList();
        for (int i = 0; i < sorted.size(); i++) {
            TrialOutcome outcome = sorted.get(i).outcome();
            List<String> row = new ArrayList<>(List.of(Integer.toString(i + 1)));
            varied.forEach(setting -> row.add(Decimals.compact(setting.of(outcome.trial()))));
            if (schedules) {
                row.add(Words.of(outcome.trial().recipe().schedule()));
            }
            row.add(outcome.trial().seed().toString());
            row.add(outcome.status().name());
            row.add(show(Quantity.TEST_TOP1, outcome));
            row.add(show(Quantity.TEST_CE, outcome));
            row.add(show(Quantity.TEST_ECE, outcome));
            grid.add(row);
        }
        return grid;
    }

    private static double ce(Finished finished) {
        Double ce = Quantity.TEST_CE.of(finished.outcome());
        return ce == null ? Double.POSITIVE_INFINITY : ce;
    }

    private static String show(Quantity quantity, TrialOutcome outcome) {
        Double value = quantity.of(outcome);
        return value == null ? NOTHING : quantity.format(value);
    }
}
