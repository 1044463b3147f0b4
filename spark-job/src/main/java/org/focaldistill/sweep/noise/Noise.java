package org.focaldistill.sweep.noise;

import java.util.OptionalInt;
import org.apache.commons.math3.distribution.FDistribution;
import org.jspecify.annotations.Nullable;

/**
 * How much a value moves from seed to seed, from the analysis of variance {@code value = cell + seed + noise}. Where every
 * data order meets every initialisation, noise is {@code cell x data order + cell x initialisation + rest}.
 *
 * @param <C> what cells are told apart by
 * @param sd standard deviation of the noise, what is left of a value after its cell and its seed
 * @param meanSquare the variance of a cell's mean by noise, times the number of seeds
 * @param degreesOfFreedom of {@code meanSquare}: (cells - 1)(seeds - 1), or where seeds are crossed Satterthwaite's
 * @param parts what {@code sd} is made of; null unless seeds are crossed
 * @param pairing what pairing by seed gains; null where seeds are crossed
 * @param outlier the cell whose noise is larger than that of the others, see {@link Cochran}; null if none is
 */
public record Noise<C>(
        double sd,
        double meanSquare,
        double degreesOfFreedom,
        @Nullable Parts parts,
        @Nullable Pairing pairing,
        @Nullable C outlier) {
    /**
     * Standard deviations by source.
     *
     * @param data of what a data order does to a cell alone
     * @param init of what an initialisation does to a cell alone
     * @param rest of what is left
     */
    public record Parts(double data, double init, double rest) {
        private static Parts of(MeanSquares squares) {
            double rest = squares.rest().value();
            return new Parts(
                    Math.sqrt(Math.max(0, squares.data().value() - rest)
                            / squares.layout().init()),
                    Math.sqrt(Math.max(0, squares.init().value() - rest)
                            / squares.layout().data()),
                    Math.sqrt(rest));
        }

        private double together() {
            return Math.sqrt(data * data + init * init + rest * rest);
        }
    }

    /**
     * What two cells' values have in common because they share data order and initial weights.
     *
     * @param correlation of them over the seeds (intraclass correlation). Pairing divides the variance of a difference by 1 /
     *     (1 - correlation)
     * @param interval of it, 95 %
     */
    public record Pairing(double correlation, Interval interval) {}

    /** The noise in a table of at least two cells and two seeds; null for smaller ones. */
    static <C> @Nullable Noise<C> of(SeedTable<C> table) {
        int cells = table.cells().size();
        if (cells < 2 || table.seeds().size() < 2) {
            return null;
        }
        double[][] left = table.residuals();
        MeanSquares squares = MeanSquares.of(left, cells - 1, table.seeds(), table.layout());
        MeanSquare ofMeans = squares.ofMeans();
        Parts parts = table.layout().crossed() ? Parts.of(squares) : null;
        return new Noise<>(
                parts == null ? Math.sqrt(ofMeans.value()) : parts.together(),
                ofMeans.value(),
                ofMeans.degreesOfFreedom(),
                parts,
                parts == null ? pairing(table, ofMeans) : null,
                outlier(table, left));
    }

    private static Pairing pairing(SeedTable<?> table, MeanSquare noise) {
        int cells = table.cells().size();
        double ratio = cells * seedVariance(table) / noise.value();
        return new Pairing(
                correlation(ratio, cells),
                correlationInterval(ratio, cells, table.seeds().size() - 1, noise.degreesOfFreedom()));
    }

    private static double grandMean(SeedTable<?> table) {
        double sum = 0;
        for (int seed = 0; seed < table.seeds().size(); seed++) {
            sum += table.seedMean(seed);
        }
        return sum / table.seeds().size();
    }

    private static double seedVariance(SeedTable<?> table) {
        double grand = grandMean(table);
        double squares = 0;
        for (int seed = 0; seed < table.seeds().size(); seed++) {
            double off = table.seedMean(seed) - grand;
            squares += off * off;
        }
        return squares / (table.seeds().size() - 1);
    }

    /** Shrout and Fleiss 1979, ICC(3,1), from the ratio of the seeds' mean square to the noise's. */
    private static double correlation(double ratio, int cells) {
        return Double.isInfinite(ratio) ? 1 : Double.isNaN(ratio) ? 0 : (ratio - 1) / (ratio + cells - 1);
    }

    private static Interval correlationInterval(double ratio, int cells, int seedDf, double noiseDf) {
        if (!(ratio < Double.POSITIVE_INFINITY)) {
            double exact = correlation(ratio, cells);
            return new Interval(exact, exact);
        }
        double low = ratio / new FDistribution(null, seedDf, noiseDf).inverseCumulativeProbability(0.975);
        double high = ratio * new FDistribution(null, noiseDf, seedDf).inverseCumulativeProbability(0.975);
        return new Interval(correlation(low, cells), correlation(high, cells));
    }

    private static <C> @Nullable C outlier(SeedTable<C> table, double[][] left) {
        SeedLayout layout = table.layout();
        // Of crossed seeds a cell's squares may all be of the factor with the fewer levels.
        double df = (layout.crossed() ? Math.min(layout.data(), layout.init()) : layout.seeds()) - 1;
        OptionalInt outlier = Cochran.outlier(left, df);
        return outlier.isPresent() ? table.cells().get(outlier.getAsInt()) : null;
    }
}
