package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Forward and backward passes of one convolution; results go into the given arrays. */
interface ConvolutionKernel extends AutoCloseable {
    void forward(INDArray input, INDArray weights, INDArray output);

    /** The gradient in the input. */
    void backwardData(INDArray input, INDArray weights, INDArray outputGradient, INDArray inputGradient);

    /** The gradient in the weights, replacing what was there. */
    void backwardWeights(INDArray input, INDArray weights, INDArray outputGradient, INDArray weightsGradient);

    @Override
    void close();
}
