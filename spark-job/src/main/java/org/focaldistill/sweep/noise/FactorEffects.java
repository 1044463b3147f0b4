package org.focaldistill.sweep.noise;

import java.util.List;

/**
 * What the levels of one weight do, the other weight and the seeds held equal.
 *
 * @param levels of every level above the lowest: its mean beside the lowest level's
 * @param f the F statistic of "all levels are alike"
 * @param p how likely one as large is by noise alone
 */
public record FactorEffects(List<Level> levels, double f, double p) {

    /**
     * One level beside the lowest.
     *
     * @param value the weight
     * @param effect by how much the quantity is higher than at the lowest level
     * @param interval of it; those of all levels hold together with 95 % (Dunnett; exact on a grid without gaps)
     */
    public record Level(double value, double effect, Interval interval) {}

    public FactorEffects {
        levels = List.copyOf(levels);
    }

    /** Whether the levels differ by more than noise. */
    public boolean beyondNoise() {
        return p < Comparison.LEVEL;
    }
}
