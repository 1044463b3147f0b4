package org.focaldistill.sweep.noise;

import org.jspecify.annotations.Nullable;

/**
 * A cell's paired differences from the baseline: one a seed that both have, same data order and initial weights.
 *
 * @param <C> what cells are told apart by
 * @param cell the cell
 * @param pairs how many seeds
 * @param mean of the differences, cell minus baseline
 * @param sd their standard deviation; null with one pair
 * @param correlation of the cell's and the baseline's values over the seeds; null with fewer than three or where one of
 *     them does not vary
 * @param alone the 95 % interval of this difference if it were the only one looked at (paired t, with Satterthwaite's degrees of
 *     freedom where seeds are crossed); null with one pair
 * @param among the interval that holds together with those of all other cells with 95 % (Dunnett); null for a cell
 *     without all of the table's seeds, and without a measure of noise
 */
public record CellDifference<C>(
        C cell,
        int pairs,
        double mean,
        @Nullable Double sd,
        @Nullable Double correlation,
        @Nullable Interval alone,
        @Nullable Interval among) {

    /** Whether it is more than noise, picking among all cells considered. */
    public boolean beyondNoise() {
        return among != null && among.excludesZero();
    }
}
