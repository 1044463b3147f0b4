package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A linear map of activations and its transpose; results go into the given arrays. */
interface LinearMapKernel extends AutoCloseable {
    void forward(INDArray input, INDArray output);

    void backward(INDArray outputGradient, INDArray inputGradient);

    @Override
    void close();
}
