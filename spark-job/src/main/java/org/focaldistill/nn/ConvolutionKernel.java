package org.focaldistill.nn;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Forward and backward pass of one convolution; results go into the given arrays. */
public interface ConvolutionKernel extends Kernel {
    void forward(INDArray input, INDArray weights, INDArray output);

    /**
     * The gradients, replacing what was in their arrays.
     *
     * @param inputGradient null where nobody needs it
     */
    void backward(
            INDArray input,
            INDArray weights,
            INDArray outputGradient,
            INDArray weightsGradient,
            @Nullable INDArray inputGradient);

    /** Whether there is {@link #backwardAdding}. */
    default boolean addsInputGradients() {
        return false;
    }

    /** {@link #backward} that adds the gradient in the input to what is in its array. */
    default void backwardAdding(
            INDArray input,
            INDArray weights,
            INDArray outputGradient,
            INDArray weightsGradient,
            INDArray inputGradientSum) {
        throw new UnsupportedOperationException(this + " does not add gradients");
    }
}
