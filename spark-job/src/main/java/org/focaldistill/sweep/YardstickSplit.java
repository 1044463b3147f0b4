package org.focaldistill.sweep;

import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;

/**
 * The difference of two cells' total losses, split into what the other weights do to the very same network and what the
 * network learned otherwise. With {@code L(theta; w) = w . terms(theta)}, baseline {@code b} and cell {@code c}:
 *
 * <pre>
 * L(theta_c; w_c) - L(theta_b; w_b) = [L(theta_b; w_c) - L(theta_b; w_b)] + [L(theta_c; w_c) - L(theta_b; w_c)]
 * </pre>
 *
 * @param yardstick the first bracket: the baseline's network measured with the cell's weights instead of its own
 * @param learned the second bracket: both networks measured with the cell's weights
 */
public record YardstickSplit(double yardstick, double learned) {

    /**
     * Splits a difference by stored components, in nats, KL already times T^2.
     *
     * @param atBaseline components of the baseline's network
     * @param atCell components of the cell's network on the same images
     */
    public static YardstickSplit of(
            LossComponents atBaseline, LossSettings baseline, LossComponents atCell, LossSettings cell) {
        double moved = atBaseline.total(cell);
        return new YardstickSplit(moved - atBaseline.total(baseline), atCell.total(cell) - moved);
    }

    /** The whole difference. */
    public double total() {
        return yardstick + learned;
    }
}
