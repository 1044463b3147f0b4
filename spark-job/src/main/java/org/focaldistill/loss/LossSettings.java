package org.focaldistill.loss;

import java.io.Serializable;

/**
 * Everything that defines the loss of a trial.
 *
 * @param weights alpha, beta and gamma
 * @param temperature the distillation temperature T, above 0; rows of finished trials may have one above {@link
 *     #LARGEST_TEMPERATURE}
 * @param klDirection the order of the divergence's arguments
 * @param focalForm how the focal term is computed
 * @param focalExponent the focusing exponent, at least 0; {@link FocalForm#FLSD53} chooses its own and ignores it
 * @param labelSmoothing the part of a label that all classes share equally, in [0, 1): the term of beta is {@link
 *     LossComponents#ofLabels}
 * @param distillation what alpha weighs, and when
 * @param calibrationWeight weight of the calibration penalty {@link ClassCalibration}, at least 0
 */
public record LossSettings(
        LossWeights weights,
        double temperature,
        KlDirection klDirection,
        FocalForm focalForm,
        double focalExponent,
        double labelSmoothing,
        Distillation distillation,
        double calibrationWeight)
        implements Serializable {
    /**
     * Nothing is computed above it: the distillation term has long reached its limit, half the mean squared difference of
     * centred logits.
     */
    public static final double LARGEST_TEMPERATURE = 1e9;

    /** Of the forms that differences of softened probabilities go into; the plain divergence does without them. */
    public static final double LARGEST_TEMPERATURE_OF_OTHERS = 100;

    public LossSettings {
        if (!(temperature > 0 && temperature <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("temperature must be a finite number > 0, found " + temperature);
        }
        if (!(focalExponent >= 0 && focalExponent <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("focalExponent must be a finite number >= 0, found " + focalExponent);
        }
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException("labelSmoothing must be in [0, 1), found " + labelSmoothing);
        }
        if (!(calibrationWeight >= 0 && calibrationWeight <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "calibrationWeight must be a finite number >= 0, found " + calibrationWeight);
        }
        DistillationForm form = distillation.form();
        if (form != DistillationForm.KL && form.usesTemperature() && temperature > LARGEST_TEMPERATURE_OF_OTHERS) {
            throw new IllegalArgumentException("temperature must be at most 100 with " + form.word() + ", found "
                    + temperature + ": only kl keeps its digits above");
        }
    }

    /** Labels as they are, the plain divergence in all epochs, no calibration penalty. */
    public LossSettings(
            LossWeights weights,
            double temperature,
            KlDirection klDirection,
            FocalForm focalForm,
            double focalExponent) {
        this(weights, temperature, klDirection, focalForm, focalExponent, 0, Distillation.PLAIN, 0);
    }

    /** The project's defaults around the given weights: T = 4, KL(teacher || student), fixed focal exponent 2. */
    public static LossSettings of(LossWeights weights) {
        return new LossSettings(weights, 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2);
    }

    /**
     * The settings of the same training that are alike for all that train so: what a weight of 0, or a form, does not use has one
     * value.
     */
    public LossSettings effective() {
        LossSettings usual = of(weights);
        boolean distilled = weights.alpha() != 0;
        boolean focal = weights.gamma() != 0;
        DistillationForm form = distillation.form();
        return new LossSettings(
                weights,
                distilled && form.usesTemperature() ? temperature : usual.temperature,
                distilled && form.usesDirection() ? klDirection : usual.klDirection,
                focal ? focalForm : usual.focalForm,
                focal && focalForm != FocalForm.FLSD53 ? focalExponent : usual.focalExponent,
                weights.beta() != 0 ? labelSmoothing : usual.labelSmoothing,
                distilled ? distillation : usual.distillation,
                calibrationWeight);
    }

    /** Whether no term has a weight, so that nothing is learned. */
    public boolean idles() {
        return weights.areZero() && calibrationWeight == 0;
    }

    /** The settings in a 0-based epoch, with the alpha that it has there. */
    public LossSettings at(int epoch) {
        double share = distillation.share(epoch);
        return share == 1
                ? this
                : withWeights(new LossWeights(share * weights.alpha(), weights.beta(), weights.gamma()));
    }

    /** The same settings with other weights. */
    public LossSettings withWeights(LossWeights other) {
        return new LossSettings(
                other,
                temperature,
                klDirection,
                focalForm,
                focalExponent,
                labelSmoothing,
                distillation,
                calibrationWeight);
    }

    /** The same settings with smoothed labels. */
    public LossSettings withLabelSmoothing(double smoothing) {
        return new LossSettings(
                weights,
                temperature,
                klDirection,
                focalForm,
                focalExponent,
                smoothing,
                distillation,
                calibrationWeight);
    }

    /** The same settings with another distillation term. */
    public LossSettings withDistillation(Distillation other) {
        return new LossSettings(
                weights, temperature, klDirection, focalForm, focalExponent, labelSmoothing, other, calibrationWeight);
    }

    /** The same settings with a calibration penalty. */
    public LossSettings withCalibrationWeight(double weight) {
        return new LossSettings(
                weights, temperature, klDirection, focalForm, focalExponent, labelSmoothing, distillation, weight);
    }
}
