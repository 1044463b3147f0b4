package org.focaldistill.nn.dl4j;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.net.ImageInput;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns uint8 images into a network's input: crops from a border of zeros, flips, scales to [0, 1] and normalises. The
 * arrays it makes are {@code [batch, side, side, 3]}.
 */
final class ImageBatch {
    private static final int CHANNELS = ImageSet.CHANNELS;

    private final int side;
    private final int plane;
    private final float[][] normalised;
    private final int capacity;
    private final float[] values;
    private int filled;

    /**
     * @param input what is seen of the images
     * @param capacity how many images it can hold
     */
    ImageBatch(ImageInput input, int capacity) {
        this.side = input.side();
        this.plane = side * side;
        this.normalised = input.normalisation().ofBytes();
        this.capacity = capacity;
        this.values = new float[capacity * plane * CHANNELS];
    }

    /** How many images it can hold. */
    int capacity() {
        return capacity;
    }

    /**
     * Holds these images in place of those before.
     *
     * @param view as what the image of an index is seen, see {@link Views}
     * @return this
     * @throws IllegalArgumentException if they are of another size
     */
    ImageBatch fill(ImageSet images, int[] indices, IntUnaryOperator view) {
        if (images.side() != side) {
            throw new IllegalArgumentException(
                    "The network is for images of " + side + " rows, these have " + images.side());
        }
        filled = 0;
        for (int index : indices) {
            add(images, index, view.applyAsInt(index));
        }
        return this;
    }

    /**
     * Adds an image as it is seen under a view.
     *
     * @param index which of the images
     * @param view see {@link Views}
     */
    void add(ImageSet images, int index, int view) {
        add(images.pixels(), index * images.imageBytes(), Views.down(view), Views.right(view), Views.flip(view));
    }

    /**
     * Adds an image as it is seen after a shift and a flip.
     *
     * @param pixels holds the image's red, green and blue planes of side x side bytes
     * @param offset where they begin
     * @param down rows the window is moved down, -4 to 4; what lies outside the image is black
     * @param right columns the window is moved right, -4 to 4
     * @param flip whether the window is mirrored left to right afterwards
     */
    void add(byte[] pixels, int offset, int down, int right, boolean flip) {
        if (filled == capacity) {
            throw new IllegalStateException("The batch holds " + capacity + " images already");
        }
        int target = filled++ * plane * CHANNELS;
        for (int y = 0; y < side; y++) {
            int row = y + down;
            for (int x = 0; x < side; x++, target += CHANNELS) {
                int column = (flip ? side - 1 - x : x) + right;
                boolean inside = row >= 0 && row < side && column >= 0 && column < side;
                int source = offset + row * side + column;
                for (int c = 0; c < CHANNELS; c++) {
                    values[target + c] = normalised[c][inside ? pixels[source + c * plane] & 0xff : 0];
                }
            }
        }
    }

    /** The images added so far, {@code [size, side, side, 3]}. */
    INDArray toArray(DataType type) {
        long[] shape = {filled, side, side, CHANNELS};
        float[] used = filled == capacity ? values : Arrays.copyOf(values, filled * plane * CHANNELS);
        return Nd4j.create(used, shape, 'c').castTo(type);
    }
}
