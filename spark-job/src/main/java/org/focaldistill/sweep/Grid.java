package org.focaldistill.sweep;

import java.util.List;
import org.focaldistill.loss.LossWeights;

/**
 * The alpha x gamma grid.
 *
 * @param alpha weights of the distillation term
 * @param gamma weights of the focal term
 * @param beta the weight of the cross entropy beside each alpha
 */
public record Grid(Axis alpha, Axis gamma, Beta beta) {

    public Grid {
        // Finds a negative 1 - alpha while the settings are read, not when the plan is made.
        alpha.values().forEach(beta::at);
    }

    /** Every cell once: alpha by alpha, gamma moving fastest. */
    public List<LossWeights> cells() {
        return alpha.values().stream()
                .flatMap(a -> gamma.values().stream().map(g -> new LossWeights(a, beta.at(a), g)))
                .toList();
    }
}
