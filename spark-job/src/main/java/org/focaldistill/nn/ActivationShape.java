package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape of an activation, {@code [batch, height, width, channels]}, and how it lies in memory:
 *
 * <ul>
 *   <li>pixel after pixel, each with all its channels;
 *   <li>in planes, {@code [planes, batch, height, width, channels / planes]}: equal parts of the channels one after the
 *       other, each pixel after pixel.
 * </ul>
 *
 * @param rowLength elements from one pixel to the next: the channels of a plane, and behind them what a library leaves
 *     unused, see {@link KernelLibrary#rowLength}
 * @param planes in how many it lies; 1 for pixels with all their channels
 */
public record ActivationShape(long batch, long height, long width, long channels, long rowLength, int planes) {
    public ActivationShape {
        if (planes < 1 || channels % planes != 0) {
            throw new IllegalArgumentException(channels + " channels do not make " + planes + " equal planes");
        }
        if (rowLength < channels / planes) {
            throw new IllegalArgumentException(channels / planes + " channels do not fit in a row of " + rowLength);
        }
    }

    /** Pixel after pixel. */
    public ActivationShape(long batch, long height, long width, long channels, long rowLength) {
        this(batch, height, width, channels, rowLength, 1);
    }

    /** Pixel after pixel, without anything between them. */
    public ActivationShape(long batch, long height, long width, long channels) {
        this(batch, height, width, channels, channels);
    }

    public static ActivationShape of(INDArray activation) {
        if (activation.rank() == 5) {
            int planes = Math.toIntExact(activation.size(0));
            return new ActivationShape(
                    activation.size(1),
                    activation.size(2),
                    activation.size(3),
                    planes * activation.size(4),
                    Math.max(activation.size(4), activation.stride(3)),
                    planes);
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

    /** The same activation in planes, of rows of that length. */
    public ActivationShape inPlanes(int count, long length) {
        return new ActivationShape(batch, height, width, channels, length, count);
    }

    /** Whether it can lie in so many planes, more than one. */
    public boolean fitsPlanes(int count) {
        return count > 1 && channels % count == 0;
    }

    /** One of its planes. */
    public ActivationShape plane() {
        return new ActivationShape(batch, height, width, channels / planes, rowLength, 1);
    }

    /** The same memory with the planes taken for as many batches, for what treats each channel by itself. */
    public ActivationShape planesAsImages() {
        return new ActivationShape(planes * batch, height, width, channels / planes, rowLength, 1);
    }

    /** @throws IllegalArgumentException if it lies in planes, which that reader does not take */
    public void requireNoPlanes(String reader) {
        if (planes > 1) {
            throw new IllegalArgumentException(reader + " takes no activation in planes, found " + this);
        }
    }

    public boolean isDense() {
        return rowLength * planes == channels;
    }

    /** The same memory with all of a row taken for channels. */
    public ActivationShape wholeRows() {
        return new ActivationShape(batch, height, width, planes * rowLength, rowLength, planes);
    }

    /** Of a plane, or of all pixels, with what lies between them. */
    public long planeElements() {
        return batch * height * width * rowLength;
    }

    /** With what lies between the pixels. */
    public long elements() {
        return planes * planeElements();
    }

    public long[] nhwc() {
        return new long[] {batch, height, width, channels};
    }

    /** In oneDNN's logical order, whatever the layout in memory; not of planes, which it does not know. */
    public long[] nchw() {
        return new long[] {batch, channels, height, width};
    }

    /** Of the array that it is in: {@link #nhwc}, or in planes five extents. */
    public long[] extents() {
        return planes == 1 ? nhwc() : new long[] {planes, batch, height, width, channels / planes};
    }

    /** Elements from one to the next of each of the {@link #extents}. */
    public long[] strides() {
        long image = height * width;
        return planes == 1
                ? new long[] {image * rowLength, width * rowLength, rowLength, 1}
                : new long[] {planeElements(), image * rowLength, width * rowLength, rowLength, 1};
    }
}
