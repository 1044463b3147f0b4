package org.focaldistill.train;

import java.util.List;
import java.util.Map;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * All that a network's training consists of between two epochs: going on from it gives bit for bit what going on
 * without a stop would. Randomness needs no state of its own, each epoch's follows from the seeds and its number.
 *
 * @param history results of the completed epochs
 * @param steps optimiser steps made
 * @param firstNegativeStep 1-based step at which the total loss first fell below 0
 * @param tensors the network's, by state_dict name
 * @param velocities the optimiser's, by the name of the tensor they move
 * @param best the best epoch by validation accuracy; null without a validation split
 * @param earlierVelocities whether the velocities lie under the names that checkpoints of format 1 gave them, see {@link
 *     Student#loadEarlierVelocities}
 */
public record TrainingState(
        List<EpochResult> history,
        long steps,
        @Nullable Long firstNegativeStep,
        Map<String, Tensor> tensors,
        Map<String, Tensor> velocities,
        @Nullable Best best,
        boolean earlierVelocities) {

    public TrainingState {
        history = List.copyOf(history);
    }

    /** With each velocity under the name of the tensor it moves. */
    public TrainingState(
            List<EpochResult> history,
            long steps,
            @Nullable Long firstNegativeStep,
            Map<String, Tensor> tensors,
            Map<String, Tensor> velocities,
            @Nullable Best best) {
        this(history, steps, firstNegativeStep, tensors, velocities, best, false);
    }

    /** Completed epochs. */
    public int epochs() {
        return history.size();
    }

    /** The network as it was after its best epoch; the first of equals. */
    public record Best(int epoch, double valTop1, Map<String, Tensor> tensors) {}
}
