package org.focaldistill.sweep.noise;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The distribution of the largest of {@code comparisons} t statistics that compare as many means with one other mean
 * (Dunnett 1955): all share that mean and the estimate of noise, so they are correlated by 1/2. With its quantile as
 * limit, the chance that any of the comparisons raises a false alarm is the level, however many there are.
 *
 * @param comparisons how many means are compared with the one
 * @param degreesOfFreedom of the estimate of noise, not always whole
 * @param twoSided whether differences in both directions count
 */
record ManyToOne(int comparisons, double degreesOfFreedom, boolean twoSided) {
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);
    private static final GaussIntegratorFactory GAUSS = new GaussIntegratorFactory();
    private static final int NODES = 48;
    private static final double FAR = 8;
    private static final double TAIL = 1e-12;
    /** Solving takes some tenths of a second, and a report asks for the same few limits again and again. */
    private static final Map<Asked, Double> SOLVED = new ConcurrentHashMap<>();

    private record Asked(ManyToOne distribution, double probability) {}

    ManyToOne {
        if (comparisons < 1 || degreesOfFreedom < 1) {
            throw new IllegalArgumentException("Comparisons and degrees of freedom must be at least 1, found "
                    + comparisons + " and " + degreesOfFreedom);
        }
    }

    /** The chance that none of the statistics exceeds {@code limit}, where no mean differs. */
    double probability(double limit) {
        if (limit == Double.POSITIVE_INFINITY) {
            return 1;
        }
        ChiSquaredDistribution squares = new ChiSquaredDistribution(null, degreesOfFreedom);
        // Over the ratio s of estimated to true noise, and over the mean z that all are compared with.
        double from = Math.sqrt(squares.inverseCumulativeProbability(TAIL) / degreesOfFreedom);
        double to = Math.sqrt(squares.inverseCumulativeProbability(1 - TAIL) / degreesOfFreedom);
        GaussIntegrator overNoise = GAUSS.legendre(NODES, from, to);
        GaussIntegrator overMean = GAUSS.legendre(NODES, -FAR, FAR);
        double chance = overNoise.integrate(s -> 2
                * degreesOfFreedom
                * s
                * squares.density(degreesOfFreedom * s * s)
                * overMean.integrate(z ->
                        NORMAL.density(z) * Math.pow(within(z, Math.sqrt(2) * limit * s), comparisons)));
        return Math.min(1, chance);
    }

    /** The chance that one of the compared means stays within {@code reach} of the mean {@code z}. */
    private double within(double z, double reach) {
        double below = NORMAL.cumulativeProbability(z + reach);
        return twoSided ? below - NORMAL.cumulativeProbability(z - reach) : below;
    }

    /** The limit that no statistic exceeds with the given chance. */
    double quantile(double probability) {
        return SOLVED.computeIfAbsent(new Asked(this, probability), ManyToOne::solve);
    }

    private static double solve(Asked asked) {
        double high = 4;
        while (asked.distribution.probability(high) < asked.probability) {
            high *= 2;
        }
        return new BrentSolver(1e-6)
                .solve(200, limit -> asked.distribution.probability(limit) - asked.probability, 0, high);
    }
}
