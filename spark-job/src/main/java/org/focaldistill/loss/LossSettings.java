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
 */
public record LossSettings(
        LossWeights weights, double temperature, KlDirection klDirection, FocalForm focalForm, double focalExponent)
        implements Serializable {
    /**
     * Nothing is computed above it: the distillation term has long reached its limit, half the mean squared difference of
     * centred logits.
     */
    public static final double LARGEST_TEMPERATURE = 1e9;

    public LossSettings {
        if (!(temperature > 0 && temperature <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("temperature must be a finite number > 0, found " + temperature);
        }
        if (!(focalExponent >= 0 && focalExponent <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("focalExponent must be a finite number >= 0, found " + focalExponent);
        }
    }

    /** The project's defaults around the given weights: T = 4, KL(teacher || student), fixed focal exponent 2. */
    public static LossSettings of(LossWeights weights) {
        return new LossSettings(weights, 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2);
    }

    /** The same settings with other weights. */
    public LossSettings withWeights(LossWeights other) {
        return new LossSettings(other, temperature, klDirection, focalForm, focalExponent);
    }
}
