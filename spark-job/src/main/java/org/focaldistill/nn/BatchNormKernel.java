package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation, optionally followed by ReLU. {@code parameters} is a layer's flat vector {@code [4 * channels]}:
 * scale, shift, running mean, running variance; {@code gradients} has the same layout.
 */
public interface BatchNormKernel extends Kernel {
    /** Normalises by the batch's statistics, keeps them for {@link #backward} and moves the running ones. */
    void train(INDArray input, INDArray parameters, INDArray output);

    /** Normalises by the running statistics. */
    void infer(INDArray input, INDArray parameters, INDArray output);

    /**
     * Gradients of the last {@link #train}; writes those of scale and shift and leaves the other two quarters.
     *
     * @param output only looked at with ReLU
     */
    void backward(
            INDArray input,
            INDArray output,
            INDArray outputGradient,
            INDArray parameters,
            INDArray inputGradient,
            INDArray gradients);
}
