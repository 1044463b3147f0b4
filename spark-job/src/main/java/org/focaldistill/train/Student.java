package org.focaldistill.train;

import java.util.Map;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Tensor;

/** A network in training with its loss, its optimiser, its images and what its teacher says of them. */
public interface Student extends Classifier, NetworkInTraining {
    /**
     * Makes the steps of an epoch, on the images and views in the order that the task's data seed gives them.
     *
     * @param epoch 0-based
     * @param made told of each step
     * @return whether all were made; false if asked to stop
     * @throws NotFiniteException from the first step, of those not told of, whose loss or gradient is not finite
     */
    boolean train(int epoch, StepLog made);

    /**
     * Loads velocities of a checkpoint of format 1: there the one engine that there was cut its optimiser's vector in another
     * order than it lay, so that behind a branch a name stood before a piece of another tensor's velocity.
     *
     * @param name what to call where they are from in messages
     * @throws InvalidModelException if they are another network's, or this engine never wrote such checkpoints
     */
    default void loadEarlierVelocities(Map<String, Tensor> velocities, String name) throws InvalidModelException {
        throw new InvalidModelException("Cannot load the velocities of " + name
                + ": they lie there as only engine cpu of earlier versions knew them");
    }
}
