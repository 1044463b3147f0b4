package org.focaldistill.sweep.noise;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Judges differences between means of a table by the noise of all its cells together.
 *
 * @param <C> what cells are told apart by
 */
final class PooledNoise<C> {
    private final SeedTable<C> table;
    private final double degreesOfFreedom;
    private final double standardError;
    private final ManyToOne fromBaseline;

    PooledNoise(SeedTable<C> table, Noise<C> noise) {
        this.table = table;
        this.degreesOfFreedom = noise.degreesOfFreedom();
        this.standardError = Math.sqrt(2 * noise.meanSquare() / table.seeds().size());
        this.fromBaseline = new ManyToOne(table.cells().size() - 1, degreesOfFreedom, true);
    }

    private double limit() {
        return fromBaseline.quantile(1 - Comparison.LEVEL);
    }

    /** Half the width of the intervals that hold together for all differences from the baseline. */
    double reach() {
        return limit() * standardError;
    }

    /** How likely some difference from the baseline would be as large as this by noise alone. */
    double p(double difference) {
        return difference == 0 ? 1 : 1 - fromBaseline.probability(Math.abs(difference) / standardError);
    }

    /** The true difference that exceeds {@link #reach} with the promised power. */
    double smallestEffect() {
        double above = new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(Comparison.POWER);
        return (limit() + above) * standardError;
    }

    /** Hsu 1984: cells whose mean is no further below the best other mean than noise reaches, one-sided. */
    List<C> contenders(Better better) {
        int cells = table.cells().size();
        double reach = new ManyToOne(cells - 1, degreesOfFreedom, false).quantile(1 - Comparison.LEVEL) * standardError;
        List<C> contenders = new ArrayList<>();
        for (int cell = 0; cell < cells; cell++) {
            double behind = 0;
            for (int other = 0; other < cells; other++) {
                behind = Math.max(behind, better.gain(table.mean(other) - table.mean(cell)));
            }
            if (behind <= reach) {
                contenders.add(table.cells().get(cell));
            }
        }
        return contenders;
    }
}
