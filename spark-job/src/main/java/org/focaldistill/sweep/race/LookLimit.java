package org.focaldistill.sweep.race;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.focaldistill.sweep.noise.Comparison;

/**
 * How far differences from one cell may go by noise alone, over all other cells and all looks together: the limit that the
 * largest of the t statistics does not exceed with 95 %. This is Dunnett's (1955) many-to-one comparison at Pocock's (1977)
 * constant limit for repeated looks. The noise is that of the first look, which is independent of all means then and later
 * (Stein 1945), so the limit is exact for normal noise with few seeds too, and cells may be dropped by any rule that looks at
 * means: what was not trained would only have added to the largest.
 *
 * @param others cells that are compared with the one
 * @param degreesOfFreedom of the noise at the first look
 * @param seeds of every cell at each look, ascending
 * @param twoSided whether differences in both directions count
 */
record LookLimit(int others, int degreesOfFreedom, List<Integer> seeds, boolean twoSided) {
    private static final int DRAWS = 20_000;
    private static final int SEED = 20_260_101;
    /** Solving takes seconds with hundreds of cells and tens of looks. */
    private static final Map<LookLimit, Double> SOLVED = new ConcurrentHashMap<>();

    LookLimit {
        seeds = List.copyOf(seeds);
        if (others < 1 || degreesOfFreedom < 1 || seeds.isEmpty()) {
            throw new IllegalArgumentException("A limit needs a cell to compare, a degree of freedom and a look, found "
                    + others + ", " + degreesOfFreedom + " and " + seeds);
        }
    }

    /** In standard errors of a difference, estimated with the noise of the first look. */
    double value() {
        return SOLVED.computeIfAbsent(this, LookLimit::simulate);
    }

    /** The same draws for everybody, so that the same outcomes are decided alike wherever they are looked at. */
    private static double simulate(LookLimit limit) {
        RandomGenerator random = new Well19937c(SEED);
        double shape = limit.degreesOfFreedom / 2.0;
        GammaDistribution squares = new GammaDistribution(random, shape, 1 / shape);
        double[] largest = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            largest[draw] = limit.largest(random) / Math.sqrt(squares.sample());
        }
        java.util.Arrays.sort(largest);
        // Two standard errors of the simulation on the safe side.
        double level = 1 - Comparison.LEVEL;
        double safe = level + 2 * Math.sqrt(level * Comparison.LEVEL / DRAWS);
        return largest[Math.min(DRAWS - 1, (int) Math.ceil(safe * DRAWS))];
    }

    /** The largest statistic of one race in which no cell differs from another, with noise of size 1. */
    private double largest(RandomGenerator random) {
        double[] one = new double[seeds.size()];
        walk(one, random);
        double[] other = new double[seeds.size()];
        double largest = 0;
        for (int cell = 0; cell < others; cell++) {
            walk(other, random);
            for (int look = 0; look < other.length; look++) {
                double difference = (other[look] - one[look]) / Math.sqrt(2.0 * seeds.get(look));
                largest = Math.max(largest, twoSided ? Math.abs(difference) : difference);
            }
        }
        return largest;
    }

    /** Sums of a cell's noise up to each look. */
    private void walk(double[] sums, RandomGenerator random) {
        double sum = 0;
        int before = 0;
        for (int look = 0; look < sums.length; look++) {
            sum += Math.sqrt(seeds.get(look) - before) * random.nextGaussian();
            before = seeds.get(look);
            sums[look] = sum;
        }
    }
}
