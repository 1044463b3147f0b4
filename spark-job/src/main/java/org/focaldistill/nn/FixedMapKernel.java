package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A linear map of activations and its transpose; results go into the given arrays. */
public interface FixedMapKernel extends Kernel {
    void forward(INDArray input, INDArray output);

    void backward(INDArray outputGradient, INDArray inputGradient);
}
