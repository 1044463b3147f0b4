package org.focaldistill.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.Curves.Look;
import org.focaldistill.report.Curves.Point;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.noise.CellDifference;
import org.focaldistill.sweep.noise.Comparison;
import org.focaldistill.sweep.noise.FactorEffects;
import org.focaldistill.sweep.noise.Interval;
import org.jspecify.annotations.Nullable;

/** The pictures of one panel beside its heat maps. */
final class Pictures {
    private static final int MOST_HIGHLIGHTED = 4;
    private static final int MOST_ROWS = 40;

    private final Findings findings;
    private final SweepDetails details;

    Pictures(Findings findings, SweepDetails details) {
        this.findings = findings;
        this.details = details;
    }

    /** The baseline, the best cell by CE, and the grid's corners of the largest weights. */
    List<LossWeights> highlighted() {
        Set<LossWeights> chosen = new LinkedHashSet<>();
        chosen.add(findings.baseline());
        findings.best().map(BestCell::cell).ifPresent(chosen::add);
        List<LossWeights> grid = findings.panel().trials().stream()
                .filter(trial -> trial.roles().contains(Role.GRID))
                .map(Panel::weights)
                .distinct()
                .toList();
        grid.stream()
                .max((a, b) -> Double.compare(a.gamma() - a.alpha(), b.gamma() - b.alpha()))
                .ifPresent(chosen::add);
        if (!grid.isEmpty()) {
            chosen.add(grid.get(grid.size() - 1));
        }
        return chosen.stream().limit(MOST_HIGHLIGHTED).toList();
    }

    /** Differences of all cells from the baseline, with the intervals that hold together. */
    List<Chart> differences() {
        List<Chart> charts = new ArrayList<>();
        for (Quantity quantity : Verdict.JUDGED) {
            findings.comparison(quantity)
                    .filter(comparison -> comparison.noise() != null)
                    .filter(comparison -> comparison.differences().size() <= MOST_ROWS)
                    .ifPresent(comparison -> charts.add(differences(quantity, comparison)));
        }
        return charts;
    }

    private static Chart differences(Quantity quantity, Comparison<LossWeights> comparison) {
        List<String> rows = new ArrayList<>();
        List<Point> noise = new ArrayList<>();
        List<Point> beyond = new ArrayList<>();
        List<Point> notJudged = new ArrayList<>();
        for (int i = comparison.differences().size() - 1; i >= 0; i--) {
            CellDifference<LossWeights> each = comparison.differences().get(i);
            Interval interval = each.among() == null ? each.alone() : each.among();
            Point point = new Point(
                    each.mean(),
                    rows.size(),
                    interval == null ? Double.NaN : interval.low(),
                    interval == null ? Double.NaN : interval.high(),
                    Findings.name(each.cell()) + "\n" + quantity.title() + " "
                            + Verdict.signed(quantity, each.mean())
                            + (interval == null
                                    ? ""
                                    : " (" + Verdict.signed(quantity, interval.low()) + " to "
                                            + Verdict.signed(quantity, interval.high()) + ")"));
            (each.among() == null ? notJudged : each.beyondNoise() ? beyond : noise).add(point);
            rows.add(Findings.shortName(each.cell()));
        }
        Curves curves = new Curves("difference in " + quantity.title(), "alpha / beta / gamma")
                .rows(rows)
                .zero()
                .size(520, 110 + 22 * rows.size())
                .add("within noise", Look.POINTS, noise)
                .add("beyond noise", Look.POINTS, beyond);
        if (!notJudged.isEmpty()) {
            curves.add("lacks a seed, not judged", Look.POINTS, notJudged);
        }
        return curves.chart("difference-" + quantity.slug(), "Difference from the baseline in " + quantity.title());
    }

    /** Effects of alpha's and gamma's levels beside the lowest. */
    List<Chart> effects() {
        List<Chart> charts = new ArrayList<>();
        for (Quantity quantity : List.of(Quantity.TEST_CE, Quantity.TEST_TOP1)) {
            findings.fit(quantity).ifPresent(fit -> {
                addEffects(charts, "alpha", quantity, fit.alpha());
                addEffects(charts, "gamma", quantity, fit.gamma());
            });
        }
        return charts;
    }

    private static void addEffects(
            List<Chart> charts, String weight, Quantity quantity, @Nullable FactorEffects effects) {
        if (effects == null) {
            return;
        }
        List<Point> points = effects.levels().stream()
                .map(level -> new Point(
                        level.value(),
                        level.effect(),
                        level.interval().low(),
                        level.interval().high(),
                        weight + " " + Decimals.compact(level.value()) + "\n"
                                + Verdict.signed(quantity, level.effect()) + " ("
                                + Verdict.signed(quantity, level.interval().low()) + " to "
                                + Verdict.signed(quantity, level.interval().high()) + ")"))
                .toList();
        double highest = points.get(points.size() - 1).x();
        charts.add(new Curves(weight, "effect on " + quantity.title())
                .zero()
                .x(-0.05 * highest, 1.05 * highest)
                .size(520, 280)
                .add("beside the lowest " + weight, Look.POINTS, points)
                .chart(
                        "effect-" + weight + "-" + quantity.slug(),
                        "Effect of " + weight + " on " + quantity.title() + ", beside the lowest level"));
    }

    /** Courses over the epochs: mean of the seeds, and trials that have not ended or were stopped early. */
    List<Chart> training() {
        Map<LossWeights, List<EpochRow>> cells = new LinkedHashMap<>();
        for (LossWeights cell : findings.cells()) {
            cells.put(
                    cell,
                    trials(cell).stream()
                            .filter(trial -> !isStopped(trial))
                            .flatMap(trial -> epochs(trial).stream())
                            .toList());
        }
        Map<Trial, List<EpochRow>> stopped = new LinkedHashMap<>();
        findings.panel().trials().stream()
                .filter(Pictures::isStopped)
                .forEach(trial -> stopped.put(trial.outcome().trial(), epochs(trial)));
        return new Courses(cells, highlighted(), open(), stopped).charts();
    }

    private static boolean isStopped(Finished trial) {
        return trial.outcome().status() == TrialStatus.STOPPED_EARLY;
    }

    private List<EpochRow> epochs(Finished trial) {
        return details.epochs().getOrDefault(trial.outcome().trial().id(), List.of());
    }

    private List<List<OpenEpochRow>> open() {
        return OpenCourses.byPanel(details.open().values())
                .getOrDefault(findings.panel().common(), List.of());
    }

    private List<Finished> trials(LossWeights cell) {
        return findings.panel().trials().stream()
                .filter(trial -> Panel.weights(trial).equals(cell))
                .toList();
    }

    /** A reliability diagram of each highlighted cell that has its bins. */
    List<Chart> reliability() {
        List<Chart> charts = new ArrayList<>();
        for (LossWeights cell : highlighted()) {
            List<ReliabilityRow> rows = trials(cell).stream()
                    .filter(trial -> !isStopped(trial))
                    .flatMap(trial ->
                            details
                                    .reliability()
                                    .getOrDefault(trial.outcome().trial().id(), List.of())
                                    .stream())
                    .toList();
            if (rows.stream().anyMatch(row -> row.count() > 0)) {
                charts.add(new ReliabilityDiagram(rows).chart("reliability-" + charts.size(), Findings.name(cell)));
            }
        }
        return charts;
    }

    /** Accuracy against ECE, a point a cell. */
    List<Chart> accuracyAgainstEce() {
        Map<String, List<Point>> groups = new LinkedHashMap<>();
        for (LossWeights cell : findings.cells()) {
            Double ece = findings.mean(Quantity.TEST_ECE, cell);
            Double top1 = findings.mean(Quantity.TEST_TOP1, cell);
            if (ece != null && top1 != null) {
                groups.computeIfAbsent(group(cell), group -> new ArrayList<>())
                        .add(new Point(ece, top1, findings.describe(cell)));
            }
        }
        Curves curves = new Curves(Quantity.TEST_ECE.title(), Quantity.TEST_TOP1.title()).size(520, 400);
        groups.forEach((group, points) -> curves.add(group, Look.POINTS, points));
        return groups.isEmpty() ? List.of() : List.of(curves.chart("top1-ece", "Accuracy against calibration error"));
    }

    private String group(LossWeights cell) {
        Set<Role> roles = new LinkedHashSet<>();
        trials(cell).forEach(trial -> roles.addAll(trial.roles()));
        if (roles.contains(Role.BASELINE)) {
            return "baseline";
        }
        if (!roles.contains(Role.GRID)) {
            return roles.contains(Role.REFERENCE)
                    ? "reference"
                    : roles.contains(Role.LINE) ? "line" : roles.contains(Role.VARIANT) ? "variant" : "point";
        }
        return cell.gamma() > 0 ? "grid, gamma > 0" : "grid, gamma 0";
    }

    /** Components of the test loss along gamma, for the smallest and the largest alpha that have several gammas. */
    List<Chart> components() {
        Map<String, Map<Double, LossWeights>> rows = new LinkedHashMap<>();
        for (LossWeights cell : findings.cells()) {
            if (findings.mean(Quantity.TEST_LOSS, cell) != null) {
                rows.computeIfAbsent(
                                "alpha " + Decimals.compact(cell.alpha()) + ", beta " + Decimals.compact(cell.beta()),
                                row -> new TreeMap<>())
                        .put(cell.gamma(), cell);
            }
        }
        List<Map.Entry<String, Map<Double, LossWeights>>> several = rows.entrySet().stream()
                .filter(row -> row.getValue().size() > 1)
                .toList();
        List<Chart> charts = new ArrayList<>();
        for (int index : IntStream.of(0, several.size() - 1).distinct().toArray()) {
            if (index >= 0 && index < several.size()) {
                String row = several.get(index).getKey();
                charts.add(components(several.get(index).getValue(), row, charts.size()));
            }
        }
        return charts;
    }

    private Chart components(Map<Double, LossWeights> byGamma, String row, int number) {
        Curves curves = new Curves("gamma", "test loss").size(520, 360).zero();
        for (LossPart part : LossPart.of(findings.panel().common().loss())) {
            curves.add(
                    part.name(), Look.BOTH, component(byGamma, loss -> part.of().applyAsDouble(loss.components())));
        }
        return curves.add("total", Look.BOTH, component(byGamma, SplitLoss::total))
                .chart("components-" + number, "Loss components as gamma grows: " + row);
    }

    private List<Point> component(Map<Double, LossWeights> byGamma, Function<SplitLoss, Double> part) {
        List<Point> points = new ArrayList<>();
        byGamma.forEach((gamma, cell) -> {
            SummaryStatistics over = new SummaryStatistics();
            for (Finished trial : trials(cell)) {
                SplitLoss test = trial.outcome().test();
                if (test != null && !isStopped(trial) && Double.isFinite(part.apply(test))) {
                    over.addValue(part.apply(test));
                }
            }
            if (over.getN() > 0) {
                points.add(new Point(
                        gamma, over.getMean(), Findings.name(cell) + "\n" + Decimals.fixed(over.getMean(), 4)));
            }
        });
        return points;
    }
}
