package org.focaldistill.train;

import java.util.List;

/** How the steps of an epoch are made. */
interface EpochSteps extends AutoCloseable {
    /**
     * Makes an epoch's steps on the network.
     *
     * @param epoch 0-based
     * @param made told of each step, in order
     * @return whether all were made; false if asked to stop
     * @throws NotFiniteException from the first step, of those not told of, whose loss or gradient is not finite
     */
    boolean run(int epoch, StepLog made);

    @Override
    void close();

    /** Told of steps. */
    interface StepLog {
        /** One optimiser step was made, on these shares of its images: one, or one of each worker. */
        void step(List<Share> shares);
    }

    /**
     * What a step did on some of its images.
     *
     * @param step mean over the images
     * @param images how many
     */
    record Share(Network.Step step, int images) {}
}
