package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The channels of two activations side by side, and apart again. */
public interface ConcatKernel extends Kernel {
    void forward(INDArray first, INDArray second, INDArray output);

    void backward(INDArray outputGradient, INDArray firstGradient, INDArray secondGradient);
}
