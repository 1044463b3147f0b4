package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape of an activation, {@code [batch, height, width, channels]}, and how it lies in memory: pixel after pixel, each
 * with all its channels, or in blocks of channels, {@code [batch, channels / 16, height, width, 16]}, oneDNN's
 * {@code nChw16c}.
 *
 * @param rowLength elements from one pixel to the next: the channels, and behind them what an engine leaves unused, see
 *     {@link Engine#rowLength}; of no meaning in blocks
 * @param inBlocks whether it lies in blocks
 */
record ActivationShape(long batch, long height, long width, long channels, long rowLength, boolean inBlocks) {
    /** Channels of a block. */
    static final int BLOCK = 16;

    ActivationShape {
        if (rowLength < channels) {
            throw new IllegalArgumentException(channels + " channels do not fit in a row of " + rowLength);
        }
        if (inBlocks && (channels % BLOCK != 0 || rowLength != channels)) {
            throw new IllegalArgumentException(
                    channels + " channels in rows of " + rowLength + " do not make blocks of " + BLOCK);
        }
    }

    /** Pixel after pixel. */
    ActivationShape(long batch, long height, long width, long channels, long rowLength) {
        this(batch, height, width, channels, rowLength, false);
    }

    /** Pixel after pixel, without anything between them. */
    ActivationShape(long batch, long height, long width, long channels) {
        this(batch, height, width, channels, channels);
    }

    static ActivationShape of(INDArray activation) {
        if (activation.rank() == 5 && activation.size(4) == BLOCK) {
            long channels = activation.size(1) * BLOCK;
            return new ActivationShape(
                    activation.size(0), activation.size(2), activation.size(3), channels, channels, true);
        }
        if (activation.rank() != 4) {
            throw new IllegalArgumentException("An activation has the shape [batch, height, width, channels], found "
                    + activation.shapeInfoToString());
        }
        long channels = activation.size(3);
        return new ActivationShape(
                activation.size(0),
                activation.size(1),
                activation.size(2),
                channels,
                Math.max(channels, activation.stride(2)));
    }

    /** The same activation, lying in blocks or pixel after pixel. */
    ActivationShape lying(boolean blocks) {
        return new ActivationShape(batch, height, width, channels, rowLength, blocks);
    }

    boolean isDense() {
        return rowLength == channels;
    }

    /** The same memory with all of a row taken for channels. */
    ActivationShape wholeRows() {
        return new ActivationShape(batch, height, width, rowLength, rowLength, inBlocks);
    }

    /** With what lies between the pixels. */
    long elements() {
        return batch * height * width * rowLength;
    }

    long[] nhwc() {
        return new long[] {batch, height, width, channels};
    }

    /** In oneDNN's logical order, whatever the layout in memory. */
    long[] nchw() {
        return new long[] {batch, channels, height, width};
    }

    /** Of the array that it is in: {@link #nhwc}, or in blocks five extents. */
    long[] extents() {
        return inBlocks ? new long[] {batch, channels / BLOCK, height, width, BLOCK} : nhwc();
    }

    /** Elements from one to the next of each of the {@link #extents}. */
    long[] strides() {
        long plane = height * width;
        return inBlocks
                ? new long[] {plane * channels, plane * BLOCK, width * BLOCK, BLOCK, 1}
                : new long[] {plane * rowLength, width * rowLength, rowLength, 1};
    }
}
