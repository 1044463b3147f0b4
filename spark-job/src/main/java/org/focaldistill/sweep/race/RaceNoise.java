package org.focaldistill.sweep.race;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.focaldistill.sweep.noise.Cochran;
import org.focaldistill.sweep.noise.Residuals;
import org.jspecify.annotations.Nullable;

/**
 * How far differences between a pair's cells may go by noise alone.
 *
 * <p>A difference is judged by the noise of all cells in the first round, at {@link LookLimit}, or by what its two cells' own
 * seeds show, at the larger of that and {@link OwnLimit}, whichever is wider. The first holds for all cells and looks together
 * where noise is of one size; the second keeps a cell that is noisier, and one that all others are compared with, from false
 * answers, also where nobody notices that it is.
 *
 * @param sd standard deviation of the noise of all cells but the outlier, in the first round
 * @param limit for all cells and looks
 * @param own for two cells and all looks
 * @param outlier a cell whose noise is much larger than the others'; null if none is
 */
record RaceNoise(
        double sd, double limit, OwnLimit own, @Nullable Outlier outlier) {

    /**
     * A cell that is noisier than the others.
     *
     * @param row where it is in the table of the first round
     * @param sd standard deviation of its noise
     */
    record Outlier(int row, double sd) {}

    /**
     * Measures it.
     *
     * @param table the first round's values, {@code [cells][seeds]}, at least two of each
     * @param seedsOfLooks of every cell, ascending
     * @param twoSided whether differences in both directions count
     * @param leastSd the noise that values have at least, as they come in steps
     */
    static RaceNoise of(double[][] table, List<Integer> seedsOfLooks, boolean twoSided, double leastSd) {
        int cells = table.length;
        int ofCell = table[0].length - 1;
        double[][] residuals = Residuals.of(table);
        OptionalInt noisy = Cochran.outlier(residuals, ofCell);
        int alike = cells;
        Outlier outlier = null;
        if (noisy.isPresent()) {
            alike--;
            double[][] others = without(table, noisy.getAsInt());
            residuals = Residuals.of(others);
            outlier = new Outlier(noisy.getAsInt(), sdBeside(table[noisy.getAsInt()], others));
        }
        int degreesOfFreedom = (alike - 1) * ofCell;
        double sd = Math.max(leastSd, Math.sqrt(Residuals.squares(residuals) / degreesOfFreedom));
        double limit = new LookLimit(cells - 1, degreesOfFreedom, seedsOfLooks, twoSided).value();
        return new RaceNoise(sd, limit, new OwnLimit(seedsOfLooks, twoSided), outlier);
    }

    private static double[][] without(double[][] table, int row) {
        double[][] others = new double[table.length - 1][];
        System.arraycopy(table, 0, others, 0, row);
        System.arraycopy(table, row + 1, others, row, others.length - row);
        return others;
    }

    /** Of a cell's values less the others' means under the same seeds. */
    private static double sdBeside(double[] cell, double[][] others) {
        double[] means = new double[cell.length];
        for (double[] other : others) {
            for (int seed = 0; seed < means.length; seed++) {
                means[seed] += other[seed] / others.length;
            }
        }
        return Math.sqrt(varianceOfDifference(cell, means));
    }

    /**
     * How far each cell's difference from one of them may go.
     *
     * @param look 1-based
     * @param table the values of the cells that are left, {@code [cells][seeds]}
     * @param from the row of the one
     */
    double[] reaches(int look, double[][] table, int from) {
        double[] reaches = new double[table.length];
        if (table.length < 2) {
            return reaches;
        }
        int seeds = table[0].length;
        double[] own = variances(table);
        double ownLimit = Math.max(limit, this.own.at(look));
        for (int row = 0; row < table.length; row++) {
            // The paired variance is exact for two cells; the sum, part of which all comparisons share, for many.
            double variance = Math.max(own[row] + own[from], varianceOfDifference(table[row], table[from]));
            reaches[row] = Math.max(limit * sd * Math.sqrt(2.0 / seeds), ownLimit * Math.sqrt(variance / seeds));
        }
        return reaches;
    }

    /** Of every cell's noise, by its own seeds. */
    private static double[] variances(double[][] table) {
        double share = 1 - 1.0 / table.length;
        return Arrays.stream(Residuals.of(table))
                .mapToDouble(left -> Residuals.squares(left) / (left.length - 1) / share)
                .toArray();
    }

    private static double varianceOfDifference(double[] one, double[] other) {
        double sum = 0;
        for (int seed = 0; seed < one.length; seed++) {
            sum += one[seed] - other[seed];
        }
        double mean = sum / one.length;
        double squares = 0;
        for (int seed = 0; seed < one.length; seed++) {
            double off = one[seed] - other[seed] - mean;
            squares += off * off;
        }
        return squares / (one.length - 1);
    }
}
