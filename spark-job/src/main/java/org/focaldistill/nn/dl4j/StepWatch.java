package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.focaldistill.train.Step;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each step between gradient and update: keeps what is reported of it, and stops a step whose loss or gradient
 * is not finite before it reaches the weights.
 */
final class StepWatch extends BaseTrainingListener {
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
        double norm = graph.gradient().gradient().norm2Number().doubleValue();
        last = Step.of(loss.lastComponents(), loss.settings(), norm);
    }
}
