package org.focaldistill.sweep.noise;

import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.distribution.NormalDistribution;

/** The largest of several independent standard normal numbers. */
final class LargestNormal {
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);
    private static final int NODES = 200;
    private static final double FAR = 9;

    private LargestNormal() {}

    /** Its mean: 0 of one number, 0.564 of two, 1.539 of ten. */
    static double expected(int numbers) {
        return new GaussIntegratorFactory()
                .legendre(NODES, -FAR, FAR)
                .integrate(z ->
                        numbers * z * NORMAL.density(z) * Math.pow(NORMAL.cumulativeProbability(z), numbers - 1.0));
    }
}
