package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes the kernels a network's layers run on. Activations are {@code [batch, height, width, channels]}, in 'c' order,
 * dense but for the rest of a pixel's row where a kernel's shape says that there is one, or in planes where it says so;
 * convolution weights are {@code [out, in / groups, kernel, kernel]} as PyTorch stores them.
 *
 * <p>A kernel belongs to one layer of one network and one batch size; it keeps what its backward pass needs and must
 * not be used by two threads at once.
 */
public interface KernelLibrary {
    /** What runs the kernels, for people: {@code onednn 2.5.2 (...)}. */
    String description();

    /**
     * How far apart in memory pixels of so many channels should lie for the kernels that train to be fast: rows longer
     * than the channels are filled up with elements that mean nothing.
     */
    long rowLength(long channels);

    /**
     * Whether kernels that train are faster on an activation of this shape if it lies in planes. Such activations go to
     * this library's batch norms, residual sums, concatenations, poolings and convolutions 1 x 1 of as many groups only.
     */
    boolean wantsPlanes(ActivationShape shape);

    /**
     * Whether kernels, on floats then, are faster on activations whose first element is that of a cache line. A library
     * with a {@link #rowLength} of its own says so.
     */
    boolean wantsAligned();

    ConvolutionKernel convolution(ConvolutionShape shape);

    /**
     * A convolution for evaluation.
     *
     * @param weights {@code [out, in / groups, kernel, kernel]}; copied
     * @param bias {@code [out]}; copied
     */
    FoldedConvolutionKernel foldedConvolution(
            ConvolutionShape shape, INDArray weights, INDArray bias, FoldedConvolutionKernel.Tail tail);

    BatchNormKernel batchNorm(BatchNormShape shape);

    AddReluKernel addRelu(ActivationShape shape);

    /** The mean of a window, zeros of the padding counted. */
    FixedMapKernel averagePool(PoolShape shape);

    /** Output channel {@code j * groups + k} is input channel {@code k * (channels / groups) + j}. */
    FixedMapKernel shuffle(ActivationShape shape, int groups);

    /** @param joined how the result lies: with the channels of the first, then those of the second */
    ConcatKernel concat(ActivationShape first, ActivationShape second, ActivationShape joined);
}
