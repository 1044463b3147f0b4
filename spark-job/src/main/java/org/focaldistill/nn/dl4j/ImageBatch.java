package org.focaldistill.nn.dl4j;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.net.Normalisation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns uint8 images into a network's input: crops from a border of zeros, flips, scales to [0, 1] and normalises. The
 * arrays it makes are {@code [batch, 32, 32, 3]}.
 */
final class ImageBatch {
    private static final int SIZE = 32;
    private static final int CHANNELS = 3;
    private static final int PLANE = SIZE * SIZE;

    private static final float[][] NORMALISED = Normalisation.ofBytes();

    private final int capacity;
    private final float[] values;
    private int filled;

    /** @param capacity how many images it can hold */
    ImageBatch(int capacity) {
        this.capacity = capacity;
        this.values = new float[capacity * PLANE * CHANNELS];
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
     */
    ImageBatch fill(ImageSet images, int[] indices, IntUnaryOperator view) {
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
        add(images.pixels(), index * ImageSet.IMAGE_BYTES, Views.down(view), Views.right(view), Views.flip(view));
    }

    /**
     * Adds an image as it is seen after a shift and a flip.
     *
     * @param pixels holds the image's red, green and blue planes of 32 x 32 bytes
     * @param offset where they begin
     * @param down rows the window is moved down, -4 to 4; what lies outside the image is black
     * @param right columns the window is moved right, -4 to 4
     * @param flip whether the window is mirrored left to right afterwards
     */
    void add(byte[] pixels, int offset, int down, int right, boolean flip) {
        if (filled == capacity) {
            throw new IllegalStateException("The batch holds " + capacity + " images already");
        }
        int target = filled++ * PLANE * CHANNELS;
        for (int y = 0; y < SIZE; y++) {
            int row = y + down;
            for (int x = 0; x < SIZE; x++, target += CHANNELS) {
                int column = (flip ? SIZE - 1 - x : x) + right;
                boolean inside = row >= 0 && row < SIZE && column >= 0 && column < SIZE;
                int source = offset + row * SIZE + column;
                for (int c = 0; c < CHANNELS; c++) {
                    values[target + c] = NORMALISED[c][inside ? pixels[source + c * PLANE] & 0xff : 0];
                }
            }
        }
    }

    /** The images added so far, {@code [size, 32, 32, 3]}. */
    INDArray toArray(DataType type) {
        long[] shape = {filled, SIZE, SIZE, CHANNELS};
        float[] used = filled == capacity ? values : Arrays.copyOf(values, filled * PLANE * CHANNELS);
        return Nd4j.create(used, shape, 'c').castTo(type);
    }
}
