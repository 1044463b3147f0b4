package org.focaldistill.sweep;

import java.util.List;
import org.focaldistill.loss.LossWeights;

/**
 * A line through the weights: alpha and beta stand still, gamma moves.
 *
 * @param alpha weight of the distillation term
 * @param beta weight of the cross entropy
 * @param gamma weights of the focal term
 */
public record Line(double alpha, double beta, Axis gamma) {

    public Line {
        alpha = new LossWeights(alpha, beta, 0).alpha() + 0.0;
        beta = beta + 0.0;
    }

    /** The line's points, in gamma's order. */
    public List<LossWeights> points() {
        return gamma.values().stream().map(g -> new LossWeights(alpha, beta, g)).toList();
    }
}
