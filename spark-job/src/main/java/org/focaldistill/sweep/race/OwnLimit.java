package org.focaldistill.sweep.race;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.focaldistill.sweep.noise.Comparison;

/**
 * How far the difference of two cells may go by noise alone, over all looks together, whatever the noise of either is: the
 * limits of Student's t, estimated with their own seeds at each look, that are exceeded at each look with the same chance, and
 * at any with 5 %. With two or three seeds of a cell they are wide, as its noise is then hardly known.
 *
 * @param seeds of every cell at each look, ascending, at least 2
 * @param twoSided whether differences in both directions count
 */
record OwnLimit(List<Integer> seeds, boolean twoSided) {
    private static final int DRAWS = 20_000;
    private static final int SEED = 20_260_102;
    private static final int HALVINGS = 30;
    private static final Map<OwnLimit, double[]> SOLVED = new ConcurrentHashMap<>();

    OwnLimit {
        seeds = List.copyOf(seeds);
        if (seeds.isEmpty() || seeds.get(0) < 2) {
            throw new IllegalArgumentException("A cell's own noise needs two seeds at the first look, found " + seeds);
        }
    }

    /** At the 1-based look, in standard errors of the difference. */
    double at(int look) {
        return SOLVED.computeIfAbsent(this, OwnLimit::solve)[look - 1];
    }

    /** The same draws for everybody, as in {@link LookLimit}. */
    private static double[] solve(OwnLimit limit) {
        RandomGenerator random = new Well19937c(SEED);
        double[][] drawn = new double[DRAWS][];
        for (int draw = 0; draw < DRAWS; draw++) {
            drawn[draw] = limit.statistics(random);
        }
        double safe = Comparison.LEVEL - 2 * Math.sqrt(Comparison.LEVEL * (1 - Comparison.LEVEL) / DRAWS);
        double low = 0;
        double high = Comparison.LEVEL;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (exceeded(drawn, limit.quantiles(middle)) > safe * DRAWS) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return limit.quantiles(low);
    }

    private double[] quantiles(double chance) {
        double tail = Math.max(Double.MIN_NORMAL, twoSided ? chance / 2 : chance);
        return seeds.stream()
                .mapToDouble(n -> -new TDistribution(null, n - 1.0).inverseCumulativeProbability(tail))
                .toArray();
    }

    private static int exceeded(double[][] drawn, double[] limits) {
        int count = 0;
        for (double[] statistics : drawn) {
            for (int look = 0; look < limits.length; look++) {
                if (statistics[look] > limits[look]) {
                    count++;
                    break;
                }
            }
        }
        return count;
    }

    /** Student's t at every look of one difference that is noise alone. */
    private double[] statistics(RandomGenerator random) {
        double[] statistics = new double[seeds.size()];
        double sum = 0;
        double squares = 0;
        int n = 0;
        for (int look = 0; look < statistics.length; look++) {
            for (; n < seeds.get(look); n++) {
                double value = random.nextGaussian();
                sum += value;
                squares += value * value;
            }
            double variance = (squares - sum * sum / n) / (n - 1);
            double t = sum / Math.sqrt(n * variance);
            statistics[look] = twoSided ? Math.abs(t) : t;
        }
        return statistics;
    }
}
