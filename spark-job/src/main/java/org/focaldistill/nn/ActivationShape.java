package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape of an activation, {@code [batch, height, width, channels]}.
 *
 * @param rowLength elements from one pixel to the next: the channels, and behind them what an engine leaves unused, see
 *     {@link Engine#rowLength}
 */
record ActivationShape(long batch, long height, long width, long channels, long rowLength) {

    ActivationShape {
        if (rowLength < channels) {
            throw new IllegalArgumentException(channels + " channels do not fit in a row of " + rowLength);
        }
    }

    /** Without anything between the pixels. */
    ActivationShape(long batch, long height, long width, long channels) {
        this(batch, height, width, channels, channels);
    }

    static ActivationShape of(INDArray activation) {
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

    boolean isDense() {
        return rowLength == channels;
    }

    /** The same memory with all of a row taken for channels. */
    ActivationShape wholeRows() {
        return new ActivationShape(batch, height, width, rowLength);
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

    /** Elements from one image, row of pixels, pixel and channel to the next. */
    long[] strides() {
        return new long[] {height * width * rowLength, width * rowLength, rowLength, 1};
    }
}
