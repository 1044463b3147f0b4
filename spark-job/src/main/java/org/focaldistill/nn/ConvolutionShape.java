package org.focaldistill.nn;

/**
 * A convolution of a fixed size, with equal padding on all sides and no bias.
 *
 * @param input the input activation
 * @param outChannels output channels
 * @param kernel height and width of the window
 * @param stride step of the window
 * @param padding zeros on each side
 */
record ConvolutionShape(ActivationShape input, long outChannels, int kernel, int stride, int padding) {

    ActivationShape output() {
        return new ActivationShape(input.batch(), extent(input.height()), extent(input.width()), outChannels);
    }

    long[] weights() {
        return new long[] {outChannels, input.channels(), kernel, kernel};
    }

    /** Floor, as PyTorch: the rows that no full window reaches are dropped. */
    private long extent(long size) {
        return (size + 2L * padding - kernel) / stride + 1;
    }
}
