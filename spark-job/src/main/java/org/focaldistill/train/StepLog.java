package org.focaldistill.train;

import java.util.List;

/** Told of a training's steps, in their order. */
public interface StepLog {
    /** One optimiser step was made, on these shares of its images: one, or one of each worker. */
    void step(List<Share> shares);

    /**
     * What a step did on some of its images.
     *
     * @param step mean over the images
     * @param images how many
     */
    record Share(Step step, int images) {}
}
