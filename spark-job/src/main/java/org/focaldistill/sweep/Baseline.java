package org.focaldistill.sweep;

import java.util.Collection;
import java.util.Comparator;
import org.focaldistill.loss.LossWeights;

/** Which cell of a pair the others are compared with. */
public final class Baseline {
    private static final Comparator<LossWeights> SMALLEST = Comparator.comparingDouble(LossWeights::alpha)
            .thenComparingDouble(LossWeights::gamma)
            .thenComparingDouble(LossWeights::beta);

    private Baseline() {}

    /**
     * Cross entropy alone if it is a baseline, else the baseline of the smallest alpha, then gamma and beta, else the cell of the
     * smallest.
     *
     * @param baselines may be empty
     * @param cells all of them, at least one
     */
    public static LossWeights of(Collection<LossWeights> baselines, Collection<LossWeights> cells) {
        if (baselines.contains(LossWeights.CROSS_ENTROPY)) {
            return LossWeights.CROSS_ENTROPY;
        }
        return baselines.stream()
                .min(SMALLEST)
                .or(() -> cells.stream().min(SMALLEST))
                .orElseThrow(() -> new IllegalArgumentException("There is no cell to compare others with"));
    }
}
