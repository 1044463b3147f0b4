package org.focaldistill.train;

import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;

/**
 * What one optimiser step did.
 *
 * @param components of the loss before the step
 * @param total the weighted loss before the step
 * @param gradientNorm Euclidean norm of the gradient, before weight decay
 */
public record Step(LossComponents components, double total, double gradientNorm) {
    /** Rounding may take a divergence this far below zero. */
    private static final double TOLERANCE = 1e-6;

    /**
     * A step that may be made, or was: its loss and its gradient are finite.
     *
     * @throws NotFiniteException if a component that counts, or the gradient, is not
     * @throws IllegalStateException if a component that can not be negative is
     */
    public static Step of(LossComponents components, LossSettings loss, double gradientNorm) {
        requireFinite(components, loss);
        requireNotNegative(components, loss);
        if (!Double.isFinite(gradientNorm)) {
            throw new NotFiniteException("gradient");
        }
        return new Step(components, components.total(loss), gradientNorm);
    }

    private static void requireFinite(LossComponents components, LossSettings loss) {
        LossWeights weights = loss.weights();
        if (weights.alpha() > 0 && !Double.isFinite(components.distillation())) {
            throw new NotFiniteException(distillation(loss));
        }
        if (!Double.isFinite(components.ce())) {
            throw new NotFiniteException("CE");
        }
        if (!Double.isFinite(components.ofLabels(loss.labelSmoothing()))) {
            throw new NotFiniteException("CE of smoothed labels");
        }
        if (weights.gamma() > 0 && !Double.isFinite(components.focal())) {
            throw new NotFiniteException("focal");
        }
        if (loss.calibrationWeight() > 0 && !Double.isFinite(components.calibration())) {
            throw new NotFiniteException("calibration");
        }
    }

    private static String distillation(LossSettings loss) {
        DistillationForm form = loss.distillation().form();
        return form == DistillationForm.KL ? "KL" : "distillation by " + form.word();
    }

    private static void requireNotNegative(LossComponents components, LossSettings loss) {
        FocalForm form = loss.focalForm();
        if (components.kl() < -TOLERANCE
                || components.distillation() < -TOLERANCE
                || (!form.canBeNegative() && components.focal() < -TOLERANCE)) {
            throw new IllegalStateException("KL, other distillation terms and the focal form " + form
                    + " can not be negative, found " + components + ": this is a bug in FocalDistill");
        }
    }
}
