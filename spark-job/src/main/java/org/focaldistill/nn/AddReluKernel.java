package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code max(0, a + b)}, the end of a residual block. */
public interface AddReluKernel extends Kernel {
    /** @param output may be {@code a} itself */
    void forward(INDArray a, INDArray b, INDArray output);

    /**
     * The gradient in the sum, which is that in {@code a} and in {@code b}.
     *
     * @param sumGradient may be {@code outputGradient} itself
     */
    void backward(INDArray output, INDArray outputGradient, INDArray sumGradient);
}
