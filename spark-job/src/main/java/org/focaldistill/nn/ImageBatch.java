package org.focaldistill.nn;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns uint8 images into a network's input: crops from a border of zeros, flips, scales to [0, 1] and normalises. The
 * arrays it makes are in this package's layout, {@code [batch, 32, 32, 3]}.
 */
public final class ImageBatch {
    private static final int SIZE = 32;
    private static final int CHANNELS = 3;
    private static final int PLANE = SIZE * SIZE;

    /** Means and standard deviations of the zoo's normalisation, of pixels in [0, 1], red, green, blue. */
    private static final double[] MEAN = {0.5071, 0.4867, 0.4408};

    private static final double[] DEVIATION = {0.2675, 0.2565, 0.2761};
    private static final float[][] NORMALISED = normalisation();

    private final int capacity;
    private final float[] values;
    private int filled;

    /** @param capacity how many images it can hold */
    public ImageBatch(int capacity) {
        this.capacity = capacity;
        this.values = new float[capacity * PLANE * CHANNELS];
    }

    private static float[][] normalisation() {
        float[][] table = new float[CHANNELS][256];
        for (int c = 0; c < CHANNELS; c++) {
            for (int value = 0; value < 256; value++) {
                table[c][value] = (float) ((value / 255.0 - MEAN[c]) / DEVIATION[c]);
            }
        }
        return table;
    }

    /** What is taken from red, green and blue in [0, 1]. */
    public static double[] mean() {
        return MEAN.clone();
    }

    /** What red, green and blue are divided by after {@link #mean} is taken from them. */
    public static double[] deviation() {
        return DEVIATION.clone();
    }

    /** Forgets all images. */
    public void clear() {
        filled = 0;
    }

    public int size() {
        return filled;
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
    public void add(byte[] pixels, int offset, int down, int right, boolean flip) {
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
    public INDArray toArray(DataType type) {
        long[] shape = {filled, SIZE, SIZE, CHANNELS};
        float[] used = filled == capacity ? values : java.util.Arrays.copyOf(values, filled * PLANE * CHANNELS);
        return Nd4j.create(used, shape, 'c').castTo(type);
    }
}
