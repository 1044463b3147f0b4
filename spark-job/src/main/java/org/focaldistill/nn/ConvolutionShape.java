package org.focaldistill.nn;

/**
 * A convolution of a fixed size, with equal padding on all sides and no bias.
 *
 * @param input the input activation
 * @param outChannels output channels
 * @param kernel height and width of the window
 * @param stride step of the window
 * @param padding zeros on each side
 * @param groups equal parts of the channels that do not see each other
 */
record ConvolutionShape(ActivationShape input, long outChannels, int kernel, int stride, int padding, int groups) {

    ActivationShape output() {
        Window window = new Window(kernel, stride, padding);
        return new ActivationShape(
                input.batch(), window.positions(input.height()), window.positions(input.width()), outChannels);
    }

    /** {@code [out, in / groups, kernel, kernel]}. */
    long[] weights() {
        return new long[] {outChannels, input.channels() / groups, kernel, kernel};
    }

    /** The same memory with the groups as a dimension: {@code [groups, out / groups, in / groups, kernel, kernel]}. */
    long[] groupedWeights() {
        return new long[] {groups, outChannels / groups, input.channels() / groups, kernel, kernel};
    }

    boolean isDepthwise() {
        return groups > 1 && groups == input.channels() && groups == outChannels;
    }
}
