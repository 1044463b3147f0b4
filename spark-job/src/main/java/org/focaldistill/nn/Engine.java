package org.focaldistill.nn;

/**
 * Makes the kernels a network's layers run on. Activations are {@code [batch, height, width, channels]}, dense, in
 * 'c' order; convolution weights are {@code [out, in, kernel, kernel]} as PyTorch stores them.
 *
 * <p>A kernel belongs to one layer of one network and one batch size; it keeps what its backward pass needs and must
 * not be used by two threads at once.
 */
interface Engine {
    /** What runs the kernels, for people: {@code onednn 2.5.2 (...)}. */
    String description();

    ConvolutionKernel convolution(ConvolutionShape shape);

    BatchNormKernel batchNorm(BatchNormShape shape);

    AddReluKernel addRelu(ActivationShape shape);
}
