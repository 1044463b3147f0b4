package org.focaldistill.nn.averaging;

import java.io.Serializable;
import org.focaldistill.loss.LossComponents;

/** What one of several workers tells of its part of a round. */
public sealed interface WorkerNote extends Serializable {
    /** Which worker, 0-based. */
    int worker();

    /**
     * It made a step.
     *
     * @param step 0-based within the round
     * @param images the step's
     * @param components of its loss before the step
     * @param total the weighted loss before the step
     * @param gradientNorm Euclidean norm of its gradient, before weight decay
     */
    record Made(int worker, int step, int images, LossComponents components, double total, double gradientNorm)
            implements WorkerNote {}

    /**
     * Its loss or its gradient was not finite, and it made no more steps.
     *
     * @param step 0-based within the round
     * @param what it was: a component of the loss that counts, or the gradient
     */
    record NotFinite(int worker, int step, String what) implements WorkerNote {}

    /**
     * Batch norm's running means after its last step.
     *
     * @param values of all channels, in the network's order
     */
    record RunningMeans(int worker, float[] values) implements WorkerNote {}
}
