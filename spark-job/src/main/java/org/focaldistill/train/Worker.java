package org.focaldistill.train;

/**
 * One of several copies of a network that are trained together, on some engine: it makes its steps on images that it is given,
 * and its tensors and velocities are those that it was last given.
 */
public interface Worker extends NetworkInTraining, AutoCloseable {
    /**
     * Makes steps on images in their order, a batch of the recipe's size each; the last may be smaller.
     *
     * @param part no more images than the task has in an epoch
     * @param made told of each step
     * @return whether all were made; false if asked to stop
     * @throws NotFiniteException from the first step, of those not told of, whose loss or gradient is not finite
     */
    boolean train(EpochPart part, StepLog made);

    @Override
    void close();
}
