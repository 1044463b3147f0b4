package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A convolution with fixed weights and what follows it in evaluation mode, in one pass. */
public interface FoldedConvolutionKernel extends Kernel {
    /** @param output if the kernel adds, holds what the result is added to */
    void run(INDArray input, INDArray output);

    /**
     * What follows the convolution and its bias.
     *
     * @param adds whether the result is added to what the output holds
     * @param relu whether {@code max(0, x)} comes last
     */
    record Tail(boolean adds, boolean relu) {}
}
