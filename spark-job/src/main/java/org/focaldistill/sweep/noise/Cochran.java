package org.focaldistill.sweep.noise;

import java.util.Arrays;
import java.util.OptionalInt;
import org.apache.commons.math3.distribution.FDistribution;

/**
 * Cochran's C test (1941), whether one cell is noisier than the others: the share that the noisiest one has of all cells' sums
 * of squares, beside what the largest share is by chance.
 */
public final class Cochran {
    private static final double LEVEL = 0.01;

    private Cochran() {}

    /**
     * The 0-based cell whose noise is larger than that of the others at the 1 % level; empty if none is.
     *
     * @param residuals {@code [cells][seeds]}, see {@link Residuals}
     * @param degreesOfFreedom of one cell's residuals
     */
    public static OptionalInt outlier(double[][] residuals, double degreesOfFreedom) {
        double[] squares =
                Arrays.stream(residuals).mapToDouble(Residuals::squares).toArray();
        double sum = Arrays.stream(squares).sum();
        int cells = squares.length;
        if (cells < 3 || sum == 0) {
            return OptionalInt.empty();
        }
        int largest = 0;
        for (int cell = 1; cell < cells; cell++) {
            largest = squares[cell] > squares[largest] ? cell : largest;
        }
        double critical = new FDistribution(null, degreesOfFreedom, (cells - 1) * degreesOfFreedom)
                .inverseCumulativeProbability(1 - LEVEL / cells);
        double limit = 1 / (1 + (cells - 1) / critical);
        return squares[largest] / sum > limit ? OptionalInt.of(largest) : OptionalInt.empty();
    }
}
