package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape of an activation, {@code [batch, height, width, channels]}, and how it lies in memory:
 *
 * <ul>
 *   <li>pixel after pixel, each with all its channels;
 *   <li>in planes, {@code [planes, batch, height, width, channels / planes]}: equal parts of the channels one after the
 *       other, each pixel after pixel;
 *   <li>in blocks of channels, {@code [batch, channels / 16, height, width, 16]}, oneDNN's {@code nChw16c}.
 * </ul>
 *
 * @param rowLength elements from one pixel to the next: the channels of a plane, and behind them what a library leaves
 *     unused, see {@link KernelLibrary#rowLength}; of no meaning in blocks
 * @param planes in how many it lies; 1 for pixels with all their channels
 * @param inBlocks whether it lies in blocks
 */
public record ActivationShape(
        long batch, long height, long width, long channels, long rowLength, int planes, boolean inBlocks) {
    /** Channels of a block. */
    public static final int BLOCK = 16;

    public ActivationShape {
        if (planes < 1 || channels % planes != 0) {
            throw new IllegalArgumentException(channels + " channels do not make " + planes + " equal planes");
        }
        if (planes > 1 && (inBlocks || channels / planes == BLOCK)) {
            // An array says by its extents how it lies.
            throw new IllegalArgumentException(
                    planes + " planes of " + channels + " channels cannot be told from blocks of " + BLOCK);
        }
        if (rowLength < channels / planes) {
            throw new IllegalArgumentException(channels / planes + " channels do not fit in a row of " + rowLength);
        }
        if (inBlocks && (channels % BLOCK != 0 || rowLength != channels)) {
            throw new IllegalArgumentException(
                    channels + " channels in rows of " + rowLength + " do not make blocks of " + BLOCK);
        }
    }

    /** Pixel after pixel. */
    public ActivationShape(long batch, long height, long width, long channels, long rowLength) {
        this(batch, height, width, channels, rowLength, 1, false);
    }

    /** Pixel after pixel, without anything between them. */
    public ActivationShape(long batch, long height, long width, long channels) {
        this(batch, height, width, channels, channels);
    }

    public static ActivationShape of(INDArray activation) {
        if (activation.rank() == 5 && activation.size(4) == BLOCK) {
            long channels = activation.size(1) * BLOCK;
            return new ActivationShape(
                    activation.size(0), activation.size(2), activation.size(3), channels, channels, 1, true);
        }
        if (activation.rank() == 5) {
            int planes = Math.toIntExact(activation.size(0));
            return new ActivationShape(
                    activation.size(1),
                    activation.size(2),
                    activation.size(3),
                    planes * activation.size(4),
                    Math.max(activation.size(4), activation.stride(3)),
                    planes,
                    false);
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
    public ActivationShape lying(boolean blocks) {
        return new ActivationShape(batch, height, width, channels, rowLength, planes, blocks);
    }

    /** The same activation in planes, of rows of that length. */
    public ActivationShape inPlanes(int count, long length) {
        return new ActivationShape(batch, height, width, channels, length, count, false);
    }

    /** Whether it can lie in so many planes, more than one. */
    public boolean fitsPlanes(int count) {
        return count > 1 && channels % count == 0 && channels / count != BLOCK;
    }

    /** One of its planes. */
    public ActivationShape plane() {
        return new ActivationShape(batch, height, width, channels / planes, rowLength, 1, inBlocks);
    }

    /** The same memory with the planes taken for as many batches, for what treats each channel by itself. */
    public ActivationShape planesAsImages() {
        return new ActivationShape(planes * batch, height, width, channels / planes, rowLength, 1, inBlocks);
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
        return new ActivationShape(batch, height, width, planes * rowLength, rowLength, planes, inBlocks);
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

    /** Of the array that it is in: {@link #nhwc}, or in planes and in blocks five extents. */
    public long[] extents() {
        if (inBlocks) {
            return new long[] {batch, channels / BLOCK, height, width, BLOCK};
        }
        return planes == 1 ? nhwc() : new long[] {planes, batch, height, width, channels / planes};
    }

    /** Elements from one to the next of each of the {@link #extents}. */
    public long[] strides() {
        long image = height * width;
        if (inBlocks) {
            return new long[] {image * channels, image * BLOCK, width * BLOCK, BLOCK, 1};
        }
        return planes == 1
                ? new long[] {image * rowLength, width * rowLength, rowLength, 1}
                : new long[] {planeElements(), image * rowLength, width * rowLength, rowLength, 1};
    }
}
