package org.focaldistill.net;

/** What one node of a network computes. Activations are written {@code [batch, height, width, channels]}. */
public sealed interface Operation {
    /** Whether it makes a vector of an image, {@code [batch, channels]}, and not another image. */
    default boolean makesVector() {
        return this instanceof Product || this instanceof ImageMean;
    }

    /**
     * A square convolution without bias; tensor {@code weight} {@code [out, in / groups, kernel, kernel]}. The output has
     * {@code floor((size + 2 * padding - kernel) / stride) + 1} rows.
     *
     * @param groups channel g of the output's {@code groups} equal parts sees only part g of the input; with as many groups
     *     as channels the convolution is depthwise
     */
    record Convolution(int inChannels, int outChannels, int kernel, int stride, int padding, int groups)
            implements Operation {
        public Convolution {
            if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0) {
                throw new IllegalArgumentException("Cannot cut " + inChannels + " input and " + outChannels
                        + " output channels into " + groups + " equal groups");
            }
            Window unused = new Window(kernel, stride, padding);
        }

        /** A convolution whose groups are one. */
        public Convolution(int inChannels, int outChannels, int kernel, int stride, int padding) {
            this(inChannels, outChannels, kernel, stride, padding, 1);
        }

        /** What slides over the image. */
        public Window window() {
            return new Window(kernel, stride, padding);
        }

        /** Whether each pixel of the output is made of the same pixel of the input alone. */
        public boolean isPointwise() {
            return kernel == 1 && stride == 1 && padding == 0;
        }

        /** Values that are summed up for one of the output. */
        public int fanIn() {
            return inChannels / groups * kernel * kernel;
        }
    }

    /**
     * Batch normalisation per channel (Ioffe &amp; Szegedy 2015); tensors {@code weight} (scale), {@code bias} (shift), {@code
     * running_mean} and {@code running_var}, each {@code [channels]}. In training the running statistics take {@link
     * #MOMENTUM} of each batch's, the variance unbiased, as PyTorch does.
     *
     * @param relu whether {@code max(0, x)} follows
     */
    record BatchNormalisation(int channels, boolean relu) implements Operation {
        /** Added to the variance; PyTorch's default. */
        public static final double EPSILON = 1e-5;
        /** The batch's share of the new running statistics; PyTorch's {@code momentum}. */
        public static final double MOMENTUM = 0.1;
    }

    /** {@code x * weight^T + bias}; tensors {@code weight} {@code [out, in]} and {@code bias} {@code [out]}. */
    record Product(int in, int out) implements Operation {}

    /**
     * Lets the groups of grouped convolutions see each other (Zhang et al. 2018, section 3.1): output channel {@code j * groups
     * + k} is input channel {@code k * (channels / groups) + j}.
     */
    record Shuffle(int groups) implements Operation {}

    /** The mean of a window; zeros of the padding count. */
    record WindowMean(int kernel, int stride, int padding) implements Operation {
        /** What slides over the image. */
        public Window window() {
            return new Window(kernel, stride, padding);
        }
    }

    /** The mean over rows and columns. */
    record ImageMean() implements Operation {}

    /**
     * The sum of two inputs of one shape.
     *
     * @param relu whether {@code max(0, x)} follows
     */
    record Sum(boolean relu) implements Operation {}

    /** The channels of two inputs of one size, one after the other. */
    record Concatenation() implements Operation {}
}
