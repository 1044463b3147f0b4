package org.focaldistill.sweep.noise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.focaldistill.sweep.Seed;
import org.jspecify.annotations.Nullable;

/**
 * One quantity in every cell under every seed, without gaps: what statisticians call complete blocks, a seed being a
 * block. Cells that lack a seed stay outside.
 *
 * @param <C> what cells are told apart by
 */
public final class SeedTable<C> {
    private final List<C> cells;
    private final List<Seed> seeds;
    private final SeedLayout layout;
    private final double[][] values;

    private SeedTable(List<C> cells, List<Seed> seeds, Map<C, Map<Seed, Double>> measured) {
        this.cells = List.copyOf(cells);
        this.seeds = List.copyOf(seeds);
        this.layout = Objects.requireNonNull(SeedLayout.of(seeds));
        this.values = new double[cells.size()][seeds.size()];
        for (int cell = 0; cell < cells.size(); cell++) {
            for (int seed = 0; seed < seeds.size(); seed++) {
                values[cell][seed] =
                        measured.getOrDefault(cells.get(cell), Map.of()).getOrDefault(seeds.get(seed), Double.NaN);
            }
        }
    }

    /**
     * The largest table without gaps. While a sweep runs its last seeds are there for few cells; so of the most widely
     * measured seeds that have a {@link SeedLayout} as many are taken as leave the most values.
     *
     * @param measured values by cell and seed, finite
     * @param baseline a cell that must be in the table; null for any
     * @return null when no cell, or not the baseline, has a value
     */
    static <C> @Nullable SeedTable<C> of(Map<C, Map<Seed, Double>> measured, @Nullable C baseline) {
        Map<Seed, Double> required = baseline == null ? null : measured.getOrDefault(baseline, Map.of());
        TreeSet<Seed> all = new TreeSet<>();
        measured.values().forEach(bySeed -> all.addAll(bySeed.keySet()));
        List<Seed> candidates = all.stream()
                .filter(seed -> required == null || required.containsKey(seed))
                .sorted(Comparator.comparingLong((Seed seed) -> -measured.values().stream()
                        .filter(bySeed -> bySeed.containsKey(seed))
                        .count()))
                .toList();
        List<Seed> chosen = List.of();
        long most = 0;
        for (int count = 1; count <= candidates.size(); count++) {
            for (List<Seed> some : SeedLayout.within(candidates.subList(0, count))) {
                // Two seeds are worth more than one, which leaves no measure of noise.
                long worth = complete(measured, some).size() * (long) (some.size() == 1 ? 1 : 2 * some.size());
                if (worth >= most && worth > 0) {
                    most = worth;
                    chosen = some;
                }
            }
        }
        return chosen.isEmpty()
                ? null
                : new SeedTable<>(
                        complete(measured, chosen), chosen.stream().sorted().toList(), measured);
    }

    private static <C> List<C> complete(Map<C, Map<Seed, Double>> measured, List<Seed> seeds) {
        List<C> cells = new ArrayList<>();
        measured.forEach((cell, bySeed) -> {
            if (bySeed.keySet().containsAll(seeds)) {
                cells.add(cell);
            }
        });
        return cells;
    }

    /** The cells, in the order they were given. */
    public List<C> cells() {
        return cells;
    }

    /** The seeds, ascending. */
    public List<Seed> seeds() {
        return seeds;
    }

    /** In what the seeds differ. */
    public SeedLayout layout() {
        return layout;
    }

    double value(int cell, int seed) {
        return values[cell][seed];
    }

    /** See {@link Residuals}. */
    double[][] residuals() {
        return Residuals.of(values);
    }

    /** A cell's mean over the seeds. */
    double mean(int cell) {
        double sum = 0;
        for (double value : values[cell]) {
            sum += value;
        }
        return sum / seeds.size();
    }

    /** A seed's mean over the cells. */
    double seedMean(int seed) {
        double sum = 0;
        for (double[] cell : values) {
            sum += cell[seed];
        }
        return sum / cells.size();
    }
}
