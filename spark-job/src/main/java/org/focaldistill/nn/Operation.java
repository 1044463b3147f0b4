package org.focaldistill.nn;

/** What one node of a network computes, for those that write a network down elsewhere. */
public sealed interface Operation {
    /**
     * A square convolution without bias; tensor {@code weight} {@code [out, in / groups, kernel, kernel]}.
     *
     * @param groups channel g of the output's {@code groups} equal parts sees only part g of the input
     */
    record Convolution(int inChannels, int outChannels, int kernel, int stride, int padding, int groups)
            implements Operation {}

    /**
     * Tensors {@code weight}, {@code bias}, {@code running_mean} and {@code running_var}, each {@code [channels]}.
     *
     * @param epsilon added to the variance
     * @param relu whether {@code max(0, x)} follows
     */
    record BatchNormalisation(int channels, double epsilon, boolean relu) implements Operation {}

    /** {@code x * weight^T + bias}; tensors {@code weight} {@code [out, in]} and {@code bias} {@code [out]}. */
    record Product(int in, int out) implements Operation {}

    /** Output channel {@code j * groups + k} is input channel {@code k * (channels / groups) + j}. */
    record Shuffle(int groups) implements Operation {}

    /** The mean of a window; zeros of the padding count. */
    record WindowMean(int kernel, int stride, int padding) implements Operation {}

    /** The mean over rows and columns. */
    record ImageMean() implements Operation {}

    /**
     * The sum of the inputs.
     *
     * @param relu whether {@code max(0, x)} follows
     */
    record Sum(boolean relu) implements Operation {}

    /** The inputs' channels one after the other. */
    record Concatenation() implements Operation {}
}
