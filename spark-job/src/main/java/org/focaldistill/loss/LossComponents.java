package org.focaldistill.loss;

import java.io.Serializable;

/**
 * The unweighted parts of the loss, each a mean over samples, in nats.
 *
 * @param kl the distillation divergence, already times T^2
 * @param ce the cross entropy at temperature 1
 * @param focal the focal term at temperature 1
 * @param uniformCe the cross entropy with all classes alike in place of the label, {@code -mean log p}, at temperature 1; NaN
 *     where it was not measured, as before there was label smoothing
 */
public record LossComponents(double kl, double ce, double focal, double uniformCe) implements Serializable {

    /** Without {@code uniformCe}. */
    public LossComponents(double kl, double ce, double focal) {
        this(kl, ce, focal, Double.NaN);
    }

    /**
     * {@code alpha*kl + beta*ofLabels + gamma*focal}; a component of weight 0 does not count, not even when it is not
     * finite.
     */
    public double total(LossSettings loss) {
        LossWeights weights = loss.weights();
        return term(weights.alpha(), kl)
                + term(weights.beta(), ofLabels(loss.labelSmoothing()))
                + term(weights.gamma(), focal);
    }

    /** The total with labels as they are. */
    public double total(LossWeights weights) {
        return total(LossSettings.of(weights));
    }

    /**
     * The cross entropy with smoothed labels, {@code (1 - s)*ce + s*uniformCe} (Szegedy et al. 2016, section 7).
     *
     * @param smoothing s, in [0, 1); at 0 it is {@code ce}, whatever {@code uniformCe} is
     */
    public double ofLabels(double smoothing) {
        return smoothing == 0 ? ce : (1 - smoothing) * ce + smoothing * uniformCe;
    }

    private static double term(double weight, double component) {
        return weight == 0 ? 0 : weight * component;
    }
}
