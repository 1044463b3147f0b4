package org.focaldistill.sweep.noise;

import org.apache.commons.math3.distribution.FDistribution;
import org.focaldistill.loss.LossWeights;
import org.jspecify.annotations.Nullable;

/**
 * How much a value moves from seed to seed, from the two-way analysis of variance {@code value = cell + seed + noise}.
 *
 * @param sd standard deviation of the noise, what is left of a value after its cell and its seed
 * @param degreesOfFreedom of {@code sd}: (cells - 1)(seeds - 1)
 * @param pairCorrelation of two cells' values over the seeds (intraclass correlation): what they have in common because
 *     they share data order and initial weights. Pairing divides the variance of a difference by 1 / (1 - correlation)
 * @param correlationInterval of it, 95 %
 * @param outlier the cell whose noise is larger than that of the others at the 1 % level (Cochran's C test); null if
 *     none is
 */
public record Noise(
        double sd,
        int degreesOfFreedom,
        double pairCorrelation,
        Interval correlationInterval,
        @Nullable LossWeights outlier) {
    private static final double OUTLIER_LEVEL = 0.01;

    /** The noise in a table of at least two cells and two seeds; null for smaller ones. */
    static @Nullable Noise of(SeedTable table) {
        int cells = table.cells().size();
        int seeds = table.seeds().size();
        if (cells < 2 || seeds < 2) {
            return null;
        }
        double[] residual = residualSquares(table);
        double within = 0;
        for (double square : residual) {
            within += square;
        }
        int df = (cells - 1) * (seeds - 1);
        double noise = within / df;
        double between = cells * seedVariance(table);
        return new Noise(
                Math.sqrt(noise),
                df,
                correlation(between / noise, cells),
                correlationInterval(between / noise, cells, seeds - 1, df),
                outlier(table, residual, within));
    }

    private static double grandMean(SeedTable table) {
        double sum = 0;
        for (int seed = 0; seed < table.seeds().size(); seed++) {
            sum += table.seedMean(seed);
        }
        return sum / table.seeds().size();
    }

    /** Per cell: the sum of squares that neither cell nor seed explains. */
    private static double[] residualSquares(SeedTable table) {
        double grand = grandMean(table);
        double[] squares = new double[table.cells().size()];
        for (int cell = 0; cell < squares.length; cell++) {
            double mean = table.mean(cell);
            for (int seed = 0; seed < table.seeds().size(); seed++) {
                double left = table.value(cell, seed) - mean - table.seedMean(seed) + grand;
                squares[cell] += left * left;
            }
        }
        return squares;
    }

    private static double seedVariance(SeedTable table) {
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

    private static Interval correlationInterval(double ratio, int cells, int seedDf, int noiseDf) {
        if (!(ratio < Double.POSITIVE_INFINITY)) {
            double exact = correlation(ratio, cells);
            return new Interval(exact, exact);
        }
        double low = ratio / new FDistribution(null, seedDf, noiseDf).inverseCumulativeProbability(0.975);
        double high = ratio * new FDistribution(null, noiseDf, seedDf).inverseCumulativeProbability(0.975);
        return new Interval(correlation(low, cells), correlation(high, cells));
    }

    private static @Nullable LossWeights outlier(SeedTable table, double[] squares, double sum) {
        int cells = squares.length;
        if (cells < 3 || sum == 0) {
            return null;
        }
        int largest = 0;
        for (int cell = 1; cell < cells; cell++) {
            largest = squares[cell] > squares[largest] ? cell : largest;
        }
        double df = table.seeds().size() - 1;
        double critical =
                new FDistribution(null, df, (cells - 1) * df).inverseCumulativeProbability(1 - OUTLIER_LEVEL / cells);
        double limit = 1 / (1 + (cells - 1) / critical);
        return squares[largest] / sum > limit ? table.cells().get(largest) : null;
    }
}
