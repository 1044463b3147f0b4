package org.focaldistill.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.Baseline;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.YardstickSplit;
import org.focaldistill.sweep.noise.Comparison;
import org.focaldistill.sweep.noise.TwoWayFit;
import org.jspecify.annotations.Nullable;

/** What a panel's numbers say beside its baseline and the noise of its seeds. */
public final class Findings {
    private final Panel panel;
    private final LossWeights baseline;
    private final Map<Quantity, Map<LossWeights, Map<Seed, Double>>> measured = new EnumMap<>(Quantity.class);
    private final Map<Quantity, Comparison<LossWeights>> comparisons = new EnumMap<>(Quantity.class);
    private final Map<Quantity, TwoWayFit> fits = new EnumMap<>(Quantity.class);

    Findings(Panel panel) {
        this.panel = panel;
        this.baseline = baseline(panel);
        for (Quantity quantity : Quantity.values()) {
            measured.put(quantity, values(quantity::of));
        }
        for (Quantity quantity : Verdict.JUDGED) {
            Comparison.of(baseline, quantity.better(), measured.getOrDefault(quantity, Map.of()))
                    .ifPresent(comparison -> comparisons.put(quantity, comparison));
            TwoWayFit.of(values(withRole(Role.GRID), quantity::of)).ifPresent(fit -> fits.put(quantity, fit));
        }
    }

    /** See {@link Baseline}. */
    private static LossWeights baseline(Panel panel) {
        List<LossWeights> baselines = panel.trials().stream()
                .filter(trial -> trial.roles().contains(Role.BASELINE))
                .map(Panel::weights)
                .toList();
        return Baseline.of(
                baselines, panel.trials().stream().map(Panel::weights).toList());
    }

    private List<Finished> withRole(Role role) {
        return panel.trials().stream()
                .filter(trial -> trial.roles().contains(role))
                .toList();
    }

    /** Of all trials that have a value, by cell and seed. */
    Map<LossWeights, Map<Seed, Double>> values(Function<TrialOutcome, @Nullable Double> value) {
        return values(panel.trials(), value);
    }

    private static Map<LossWeights, Map<Seed, Double>> values(
            List<Finished> trials, Function<TrialOutcome, @Nullable Double> of) {
        Map<LossWeights, Map<Seed, Double>> values = new LinkedHashMap<>();
        for (Finished trial : trials) {
            Double value = of.apply(trial.outcome());
            if (value != null) {
                values.computeIfAbsent(Panel.weights(trial), weights -> new TreeMap<>())
                        .put(trial.outcome().trial().seed(), value);
            }
        }
        return values;
    }

    Panel panel() {
        return panel;
    }

    /** The settings that all trials share, with weights and seeds blanked. */
    public Trial common() {
        return panel.common();
    }

    /** How the teacher of all these students did alone. */
    public TeacherMetrics teacher() {
        return panel.teacher();
    }

    LossWeights baseline() {
        return baseline;
    }

    /** All cells beside the baseline, in one of {@link Verdict#JUDGED}. */
    Optional<Comparison<LossWeights>> comparison(Quantity quantity) {
        return Optional.ofNullable(comparisons.get(quantity));
    }

    /** Effects of the weights over the grid, in one of {@link Verdict#JUDGED}. */
    Optional<TwoWayFit> fit(Quantity quantity) {
        return Optional.ofNullable(fits.get(quantity));
    }

    /** Every cell, grid and beside, each once, as the panel orders its trials. */
    List<LossWeights> cells() {
        Set<LossWeights> cells = new LinkedHashSet<>();
        panel.trials().forEach(trial -> cells.add(Panel.weights(trial)));
        return List.copyOf(cells);
    }

    /** Mean over seeds; null where there is no value. */
    @Nullable Double mean(Quantity quantity, LossWeights cell) {
        SummaryStatistics over = seeds(quantity, cell);
        return over.getN() == 0 ? null : (Double) over.getMean();
    }

    private SummaryStatistics seeds(Quantity quantity, LossWeights cell) {
        SummaryStatistics over = new SummaryStatistics();
        measured.getOrDefault(quantity, Map.of())
                .getOrDefault(cell, Map.of())
                .values()
                .forEach(over::addValue);
        return over;
    }

    /** Mean and, of several seeds, standard deviation; a dash where there is no value. */
    public String meanAndSd(Quantity quantity, LossWeights cell) {
        return meanAndSd(quantity, seeds(quantity, cell));
    }

    static String meanAndSd(Quantity quantity, SummaryStatistics over) {
        if (over.getN() == 0) {
            return "-";
        }
        String mean = quantity.format(over.getMean());
        return over.getN() == 1 ? mean : mean + " ± " + quantity.format(over.getStandardDeviation());
    }

    /** All there is to say of a cell, a line each. */
    String describe(LossWeights cell) {
        List<String> lines = new ArrayList<>();
        lines.add(name(cell));
        for (Quantity quantity : Quantity.values()) {
            lines.add(quantity.title() + " " + meanAndSd(quantity, cell));
        }
        long diverged = count(cell, TrialStatus.DIVERGED);
        long stopped = count(cell, TrialStatus.STOPPED_EARLY);
        lines.add("seeds " + seeds(Quantity.TRAIN_LOSS, cell).getN()
                + (diverged > 0 ? ", diverged " + diverged : "")
                + (stopped > 0 ? ", stopped early " + stopped : ""));
        return String.join("\n", lines);
    }

    private long count(LossWeights cell, TrialStatus status) {
        return panel.trials().stream()
                .filter(trial ->
                        Panel.weights(trial).equals(cell) && trial.outcome().status() == status)
                .count();
    }

    /** A cell in words. */
    static String name(LossWeights cell) {
        return "alpha " + Decimals.compact(cell.alpha()) + ", beta " + Decimals.compact(cell.beta()) + ", gamma "
                + Decimals.compact(cell.gamma());
    }

    /** A cell as its alpha, beta and gamma, for tables and axes. */
    public static String shortName(LossWeights cell) {
        return Decimals.compact(cell.alpha()) + " / " + Decimals.compact(cell.beta()) + " / "
                + Decimals.compact(cell.gamma());
    }

    /**
     * The split of every cell's difference in total test loss from the baseline, mean over the seeds both have; cells
     * without any are left out.
     */
    Map<LossWeights, YardstickSplit> yardsticks() {
        Map<LossWeights, Map<Seed, SplitLoss>> losses = new LinkedHashMap<>();
        for (Finished trial : panel.trials()) {
            SplitLoss test = trial.outcome().test();
            if (test != null && Quantity.TEST_LOSS.of(trial.outcome()) != null) {
                losses.computeIfAbsent(Panel.weights(trial), weights -> new TreeMap<>())
                        .put(trial.outcome().trial().seed(), test);
            }
        }
        Map<Seed, SplitLoss> reference = losses.getOrDefault(baseline, Map.of());
        Map<LossWeights, YardstickSplit> splits = new LinkedHashMap<>();
        losses.forEach((cell, bySeed) -> {
            SummaryStatistics yardstick = new SummaryStatistics();
            SummaryStatistics learned = new SummaryStatistics();
            bySeed.forEach((seed, loss) -> {
                SplitLoss other = reference.get(seed);
                if (other != null) {
                    YardstickSplit split = YardstickSplit.of(
                            other.components(), withWeights(baseline), loss.components(), withWeights(cell));
                    yardstick.addValue(split.yardstick());
                    learned.addValue(split.learned());
                }
            });
            if (yardstick.getN() > 0) {
                splits.put(cell, new YardstickSplit(yardstick.getMean(), learned.getMean()));
            }
        });
        return splits;
    }

    private LossSettings withWeights(LossWeights weights) {
        return panel.common().loss().withWeights(weights);
    }

    /** How many seeds the panel has anywhere. */
    long seeds() {
        return panel.trials().stream()
                .map(trial -> trial.outcome().trial().seed())
                .distinct()
                .count();
    }

    /** The best cell by CE; nothing where no trial has one. */
    public Optional<BestCell> best() {
        return BestCell.of(this);
    }
}
