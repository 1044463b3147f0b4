package org.focaldistill.train;

import java.util.Map;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Tensor;

/**
 * A network in training, on some engine: with its loss, its optimiser, its images and what its teacher says of them. All that
 * it holds and gives is named as in PyTorch's state_dict, so what one engine has trained another one can run.
 */
public interface Student extends Classifier {
    /**
     * Makes the steps of an epoch, on the images and views in the order that the task's data seed gives them.
     *
     * @param epoch 0-based
     * @param made told of each step
     * @return whether all were made; false if asked to stop
     * @throws NotFiniteException from the first step, of those not told of, whose loss or gradient is not finite
     */
    boolean train(int epoch, StepLog made);

    /** Copies of its tensors, running statistics included. */
    Map<String, Tensor> tensors();

    /** Copies of the optimiser's velocities, by the name of the tensor they move. */
    Map<String, Tensor> velocities();

    /**
     * Loads tensors, all of them or none.
     *
     * @param name what to call them in messages
     * @throws InvalidModelException if they are another network's
     */
    void load(Map<String, Tensor> tensors, String name) throws InvalidModelException;

    /**
     * Loads velocities, all of them or none.
     *
     * @param name what to call where they are from in messages
     * @throws InvalidModelException if they are another network's
     */
    void loadVelocities(Map<String, Tensor> velocities, String name) throws InvalidModelException;

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
