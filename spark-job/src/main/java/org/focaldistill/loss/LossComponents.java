package org.focaldistill.loss;

import java.io.Serializable;

/**
 * The unweighted parts of the loss, each a mean over samples, in nats.
 *
 * @param kl the distillation divergence, already times T^2
 * @param ce the cross entropy at temperature 1
 * @param focal the focal term at temperature 1
 */
public record LossComponents(double kl, double ce, double focal) implements Serializable {

    /** {@code alpha*kl + beta*ce + gamma*focal}; a component of weight 0 does not count, not even when it is not finite. */
    public double total(LossWeights weights) {
        return term(weights.alpha(), kl) + term(weights.beta(), ce) + term(weights.gamma(), focal);
    }

    private static double term(double weight, double component) {
        return weight == 0 ? 0 : weight * component;
    }
}
