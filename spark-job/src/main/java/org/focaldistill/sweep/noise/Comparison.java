package org.focaldistill.sweep.noise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.focaldistill.sweep.Seed;
import org.jspecify.annotations.Nullable;

/**
 * All cells of a sweep beside one baseline, in one quantity.
 *
 * <p>The model is {@code value = cell + seed + noise}, noise being independent, normal and of one size in all cells; its
 * size is estimated from all cells together, so that few seeds are enough. Where every data order meets every
 * initialisation, noise is of each of the two and a rest, so that a cell's ten values of two initialisations are no ten
 * repetitions. Dunnett's distribution then gives intervals
 * of the differences from the baseline that hold all at once with 95 %: under no effect at all, 5 sweeps in 100 show any
 * cell beyond noise, and the interval of the best cell is right although it was picked from many.
 *
 * @param <C> what cells are told apart by
 * @param baseline what the cells are compared with
 * @param better which values one wants
 * @param table the values without gaps
 * @param noise null with fewer than two seeds
 * @param differences of every other cell, in the order given
 * @param smallestEffect the true difference that is found with 80 %; null without a measure of noise
 * @param contenders the cells of the table, baseline included, that may be the truly best one: it is among them with
 *     95 % (Hsu 1984); empty without a measure of noise
 */
public record Comparison<C>(
        C baseline,
        Better better,
        SeedTable<C> table,
        @Nullable Noise<C> noise,
        List<CellDifference<C>> differences,
        @Nullable Double smallestEffect,
        List<C> contenders) {
    /** The chance of any false alarm in one comparison. */
    public static final double LEVEL = 0.05;
    /** The chance that an effect of {@link #smallestEffect} is found. */
    public static final double POWER = 0.8;

    public Comparison {
        differences = List.copyOf(differences);
        contenders = List.copyOf(contenders);
    }

    /**
     * Compares.
     *
     * @param measured finite values by cell and seed, the baseline's among them
     * @return nothing when the baseline or every other cell has no value
     */
    public static <C> Optional<Comparison<C>> of(C baseline, Better better, Map<C, Map<Seed, Double>> measured) {
        SeedTable<C> table = SeedTable.of(measured, baseline);
        if (table == null || measured.size() < 2) {
            return Optional.empty();
        }
        Noise<C> noise = Noise.of(table);
        PooledNoise<C> pooled = noise == null ? null : new PooledNoise<>(table, noise);
        Map<Seed, Double> reference = Objects.requireNonNull(measured.get(baseline));
        List<CellDifference<C>> differences = new ArrayList<>();
        measured.forEach((cell, values) -> {
            boolean complete = table.cells().contains(cell);
            List<Seed> seeds = complete ? table.seeds() : shared(values, reference);
            if (!cell.equals(baseline) && !seeds.isEmpty()) {
                differences.add(difference(cell, seeds, values, reference, complete ? pooled : null));
            }
        });
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(new Comparison<>(
                        baseline,
                        better,
                        table,
                        noise,
                        differences,
                        pooled == null ? null : pooled.smallestEffect(),
                        pooled == null ? List.of() : pooled.contenders(better)));
    }

    private static List<Seed> shared(Map<Seed, Double> values, Map<Seed, Double> reference) {
        List<Seed> both =
                values.keySet().stream().filter(reference::containsKey).sorted().toList();
        return both.isEmpty()
                ? both
                : SeedLayout.within(both).stream()
                        .max(Comparator.comparingInt(List::size))
                        .orElse(both);
    }

    private static <C> CellDifference<C> difference(
            C cell,
            List<Seed> seeds,
            Map<Seed, Double> values,
            Map<Seed, Double> reference,
            @Nullable PooledNoise<C> pooled) {
        double[] own = at(seeds, values);
        double[] baseline = at(seeds, reference);
        SummaryStatistics paired = new SummaryStatistics();
        for (int i = 0; i < own.length; i++) {
            paired.addValue(own[i] - baseline[i]);
        }
        boolean several = own.length > 1;
        double mean = paired.getMean();
        return new CellDifference<>(
                cell,
                own.length,
                mean,
                several ? (Double) paired.getStandardDeviation() : null,
                correlation(own, baseline),
                several ? Interval.around(mean, halfWidth(own, baseline, mean, seeds)) : null,
                pooled == null ? null : Interval.around(mean, pooled.reach()));
    }

    private static double[] at(List<Seed> seeds, Map<Seed, Double> values) {
        return seeds.stream()
                .mapToDouble(seed -> values.getOrDefault(seed, Double.NaN))
                .toArray();
    }

    private static double halfWidth(double[] own, double[] baseline, double mean, List<Seed> seeds) {
        double[] left = new double[own.length];
        Arrays.setAll(left, i -> own[i] - baseline[i] - mean);
        SeedLayout layout = Objects.requireNonNull(SeedLayout.of(seeds));
        MeanSquare square =
                MeanSquares.of(new double[][] {left}, 1, seeds, layout).ofMeans();
        double t = new TDistribution(null, square.degreesOfFreedom()).inverseCumulativeProbability(1 - LEVEL / 2);
        return t * Math.sqrt(square.value() / own.length);
    }

    private static @Nullable Double correlation(double[] own, double[] other) {
        if (own.length < 3) {
            return null;
        }
        double correlation = new PearsonsCorrelation().correlation(own, other);
        return Double.isNaN(correlation) ? null : (Double) correlation;
    }

    /** The cell whose mean is best, other than the baseline, among those with all seeds of the table. */
    public Optional<CellDifference<C>> best() {
        return differences.stream()
                .filter(difference -> table.cells().contains(difference.cell()))
                .max(Comparator.comparingDouble(difference -> better.gain(difference.mean())));
    }

    /**
     * How likely the largest of all cells' differences would be at least as large as this one by noise alone; null for a
     * cell that is not judged.
     */
    public @Nullable Double p(CellDifference difference) {
        return noise == null || difference.among() == null
                ? null
                : (Double) new PooledNoise(table, noise).p(difference.mean());
    }

    /** Cells better than the baseline beyond noise. */
    public List<CellDifference<C>> betterBeyondNoise() {
        return beyondNoise(true);
    }

    /** Cells worse than the baseline beyond noise. */
    public List<CellDifference<C>> worseBeyondNoise() {
        return beyondNoise(false);
    }

    private List<CellDifference<C>> beyondNoise(boolean gains) {
        return differences.stream()
                .filter(difference -> difference.beyondNoise() && better.gain(difference.mean()) > 0 == gains)
                .toList();
    }

    /** Cells that could not be judged because they lack some of the seeds. */
    public List<CellDifference<C>> notJudged() {
        return differences.stream()
                .filter(difference -> difference.among() == null)
                .toList();
    }
}
