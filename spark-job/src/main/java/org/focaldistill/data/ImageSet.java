package org.focaldistill.data;

import java.util.Arrays;
import java.util.Locale;

/**
 * Images of 32x32 pixels in memory, as unsigned bytes, with their labels.
 *
 * <p>Image i takes bytes {@code [i * 3072, (i + 1) * 3072)} of the pixels: 1024 red, 1024 green, 1024 blue, each row by
 * row, as in the CIFAR archives. The arrays are kept and handed out as they are, never copied (a training set has 154
 * MB): whoever holds them must not change them.
 */
public final class ImageSet {
    public static final int SIDE = 32;
    public static final int CHANNELS = 3;
    /** Bytes of one image. */
    public static final int IMAGE_BYTES = CHANNELS * SIDE * SIDE;
    /** What fits one Java array. */
    public static final int MAX_IMAGES = Integer.MAX_VALUE / IMAGE_BYTES;

    private final byte[] pixels;
    private final byte[] fineLabels;
    private final byte[] coarseLabels;

    /**
     * @param pixels N * 3072 bytes, not copied
     * @param fineLabels N classes, unsigned, not copied
     * @param coarseLabels N coarse classes, unsigned, all zero where there are none; not copied
     * @throws IllegalArgumentException when the lengths do not agree
     */
    public ImageSet(byte[] pixels, byte[] fineLabels, byte[] coarseLabels) {
        if (pixels.length != (long) fineLabels.length * IMAGE_BYTES) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%d labels need %d bytes of pixels, found %d",
                    fineLabels.length,
                    (long) fineLabels.length * IMAGE_BYTES,
                    pixels.length));
        }
        if (coarseLabels.length != fineLabels.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "Found %d labels but %d coarse labels", fineLabels.length, coarseLabels.length));
        }
        this.pixels = pixels;
        this.fineLabels = fineLabels;
        this.coarseLabels = coarseLabels;
    }

    /** The number of images. */
    public int size() {
        return fineLabels.length;
    }

    /** All pixels, N * 3072 unsigned bytes: the array itself, to be read only. */
    public byte[] pixels() {
        return pixels;
    }

    /** The class of an image. */
    public int label(int image) {
        return Byte.toUnsignedInt(fineLabels[image]);
    }

    /** The classes of all images. */
    public int[] labels() {
        int[] labels = new int[size()];
        Arrays.setAll(labels, this::label);
        return labels;
    }

    /** The coarse class of an image; 0 where the data set has none. */
    public int coarseLabel(int image) {
        return Byte.toUnsignedInt(coarseLabels[image]);
    }

    /**
     * The first {@code n} images.
     *
     * @throws IllegalArgumentException when there are fewer
     */
    public ImageSet first(int n) {
        if (n < 0 || n > size()) {
            throw new IllegalArgumentException("Cannot take the first " + n + " of " + size() + " images");
        }
        if (n == size()) {
            return this;
        }
        return new ImageSet(
                Arrays.copyOf(pixels, n * IMAGE_BYTES), Arrays.copyOf(fineLabels, n), Arrays.copyOf(coarseLabels, n));
    }
}
