package org.focaldistill.net;

/**
 * How a pixel becomes a network's input: its red, green and blue in [0, 1] less their means, divided by their deviations. The
 * values are those of the zoo, taken of CIFAR-100's training images.
 */
public final class Normalisation {
    private static final double[] MEAN = {0.5071, 0.4867, 0.4408};
    private static final double[] DEVIATION = {0.2675, 0.2565, 0.2761};

    private Normalisation() {}

    /** What is taken from red, green and blue in [0, 1]. */
    public static double[] mean() {
        return MEAN.clone();
    }

    /** What red, green and blue are divided by after {@link #mean} is taken from them. */
    public static double[] deviation() {
        return DEVIATION.clone();
    }

    /** The input {@code [3][256]} of each colour's 256 values. */
    public static float[][] ofBytes() {
        float[][] table = new float[MEAN.length][256];
        for (int c = 0; c < MEAN.length; c++) {
            for (int value = 0; value < 256; value++) {
                table[c][value] = (float) ((value / 255.0 - MEAN[c]) / DEVIATION[c]);
            }
        }
        return table;
    }
}
