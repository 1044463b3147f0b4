package org.focaldistill.loss;

import java.io.Serializable;

/**
 * The unweighted parts of the loss. The first four are means over samples, in nats. The first three are yardsticks: they mean the same whatever
 * a network was trained with, but for the direction of the divergence and the form of the focal term.
 *
 * @param kl the plain divergence of the softened distributions, already times T^2
 * @param ce the cross entropy at temperature 1
 * @param focal the focal term at temperature 1
 * @param uniformCe the cross entropy with all classes alike in place of the label, {@code -mean log p}, at temperature 1; NaN
 *     where it was not measured, as before there was label smoothing
 * @param distillation the distillation term in its form: {@code kl} where that is the form; of {@link DistillationForm#DIST} a
 *     number of the batch, which is another for a training batch than for all images at once
 * @param calibration the calibration penalty, a number of the batch too; NaN where it has no weight
 */
public record LossComponents(
        double kl, double ce, double focal, double uniformCe, double distillation, double calibration)
        implements Serializable {

    /** Nothing, to add to. */
    public static final LossComponents ZERO = new LossComponents(0, 0, 0, 0, 0, 0);

    /** Of the loss there was before there was a choice. */
    public LossComponents(double kl, double ce, double focal) {
        this(kl, ce, focal, Double.NaN, kl, Double.NaN);
    }

    /**
     * The loss of these settings, {@code alpha*distillation + beta*ofLabels + gamma*focal + calibrationWeight*calibration}; a
     * component of weight 0 does not count, not even when it is not finite.
     */
    public double total(LossSettings loss) {
        LossWeights weights = loss.weights();
        return term(weights.alpha(), distillation)
                + term(weights.beta(), ofLabels(loss.labelSmoothing()))
                + term(weights.gamma(), focal)
                + term(loss.calibrationWeight(), calibration);
    }

    /** The yardsticks at these weights, {@code alpha*kl + beta*ce + gamma*focal}, to compare networks of different losses. */
    public double total(LossWeights weights) {
        return term(weights.alpha(), kl) + term(weights.beta(), ce) + term(weights.gamma(), focal);
    }

    /**
     * The cross entropy with smoothed labels, {@code (1 - s)*ce + s*uniformCe} (Szegedy et al. 2016, section 7).
     *
     * @param smoothing s, in [0, 1); at 0 it is {@code ce}, whatever {@code uniformCe} is
     */
    public double ofLabels(double smoothing) {
        return smoothing == 0 ? ce : (1 - smoothing) * ce + smoothing * uniformCe;
    }

    /** These and so many times others. */
    public LossComponents plus(int times, LossComponents other) {
        return new LossComponents(
                kl + times * other.kl,
                ce + times * other.ce,
                focal + times * other.focal,
                uniformCe + times * other.uniformCe,
                distillation + times * other.distillation,
                calibration + times * other.calibration);
    }

    /** Each divided by a number. */
    public LossComponents over(int number) {
        return new LossComponents(
                kl / number,
                ce / number,
                focal / number,
                uniformCe / number,
                distillation / number,
                calibration / number);
    }

    private static double term(double weight, double component) {
        return weight == 0 ? 0 : weight * component;
    }
}
