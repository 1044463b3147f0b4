package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.Step;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each step between gradient and update: keeps what is reported of it, and stops a step whose loss or gradient
 * is not finite before it reaches the weights.
 */
final class StepWatch extends BaseTrainingListener {
    /** Rounding may take a divergence this far below zero. */
    private static final double TOLERANCE = 1e-6;

    private @Nullable Step last;

    Step last() {
        if (last == null) {
            throw new IllegalStateException("No step was made yet");
        }
        return last;
    }

    @Override
    public void onGradientCalculation(Model model) {
        ComputationGraph graph = (ComputationGraph) model;
        DistillationLossFunction loss = GraphNetwork.lossFunction(graph);
        LossComponents components = loss.lastComponents();
        LossSettings settings = loss.settings();
        requireFinite(components, settings.weights());
        requireNotNegative(components, settings);
        double norm = graph.gradient().gradient().norm2Number().doubleValue();
        if (!Double.isFinite(norm)) {
            throw new NotFiniteException("gradient");
        }
        last = new Step(components, components.total(settings.weights()), norm);
    }

    private static void requireFinite(LossComponents components, LossWeights weights) {
        if (weights.alpha() > 0 && !Double.isFinite(components.kl())) {
            throw new NotFiniteException("KL");
        }
        if (!Double.isFinite(components.ce())) {
            throw new NotFiniteException("CE");
        }
        if (weights.gamma() > 0 && !Double.isFinite(components.focal())) {
            throw new NotFiniteException("focal");
        }
    }

    private static void requireNotNegative(LossComponents components, LossSettings settings) {
        FocalForm form = settings.focalForm();
        if (components.kl() < -TOLERANCE || (!form.canBeNegative() && components.focal() < -TOLERANCE)) {
            throw new IllegalStateException("KL and the focal form " + form + " can not be negative, found "
                    + components + ": this is a bug in FocalDistill");
        }
    }
}
