package org.focaldistill.loss;

import java.io.Serializable;

/**
 * The weights of {@code L = alpha*T^2*KL + beta*CE + gamma*Focal}. {@code gamma} is the focal term's weight, not its
 * exponent.
 *
 * @param alpha weight of the distillation term, at least 0
 * @param beta weight of the cross entropy, at least 0
 * @param gamma weight of the focal term, at least 0
 */
public record LossWeights(double alpha, double beta, double gamma) implements Serializable {
    /** Cross entropy alone. */
    public static final LossWeights CROSS_ENTROPY = new LossWeights(0, 1, 0);

    public LossWeights {
        requireWeight("alpha", alpha);
        requireWeight("beta", beta);
        requireWeight("gamma", gamma);
    }

    /** Whether nothing pulls at the network: all three are 0. */
    public boolean areZero() {
        return alpha == 0 && beta == 0 && gamma == 0;
    }

    private static void requireWeight(String name, double value) {
        if (!(value >= 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " must be a finite number >= 0, found " + value);
        }
    }
}
