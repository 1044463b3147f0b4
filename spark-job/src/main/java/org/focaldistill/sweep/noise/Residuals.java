package org.focaldistill.sweep.noise;

import java.util.Arrays;

/** What neither its cell nor its seed explains of a value: a cell's values less its mean and less each seed's, about the mean of all. */
public final class Residuals {
    private Residuals() {}

    /**
     * The residuals of a table without gaps.
     *
     * @param values {@code [cells][seeds]}, at least one of each
     * @return the same shape
     */
    public static double[][] of(double[][] values) {
        int seeds = values[0].length;
        double[] ofSeed = new double[seeds];
        for (double[] cell : values) {
            for (int seed = 0; seed < seeds; seed++) {
                ofSeed[seed] += cell[seed] / values.length;
            }
        }
        double grand = mean(ofSeed);
        double[][] left = new double[values.length][seeds];
        for (int cell = 0; cell < values.length; cell++) {
            double mean = mean(values[cell]);
            for (int seed = 0; seed < seeds; seed++) {
                left[cell][seed] = values[cell][seed] - mean - ofSeed[seed] + grand;
            }
        }
        return left;
    }

    /** The sum of squares of all. */
    public static double squares(double[][] residuals) {
        return Arrays.stream(residuals).mapToDouble(Residuals::squares).sum();
    }

    /** The sum of squares of a cell's. */
    public static double squares(double[] residuals) {
        double sum = 0;
        for (double residual : residuals) {
            sum += residual * residual;
        }
        return sum;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
