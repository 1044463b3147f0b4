package org.focaldistill.data;

import java.util.Arrays;
import java.util.Locale;

/**
 * Square images of one size in memory, as unsigned bytes, with their labels.
 *
 * <p>Image i takes the i-th {@link #imageBytes} of the pixels: all red, all green, all blue, each row by row, as in the
 * CIFAR archives. The arrays are kept and handed out as they are, never copied (CIFAR's training images have 154 MB):
 * whoever holds them must not change them.
 */
public final class ImageSet {
    public static final int CHANNELS = 3;

    private final int side;
    private final byte[] pixels;
    private final byte[] fineLabels;
    private final byte[] coarseLabels;

    /**
     * @param side rows, and columns, of an image
     * @param pixels N images' bytes, not copied
     * @param fineLabels N classes, unsigned, not copied
     * @param coarseLabels N coarse classes, unsigned, all zero where there are none; not copied
     * @throws IllegalArgumentException when the lengths do not agree
     */
    public ImageSet(int side, byte[] pixels, byte[] fineLabels, byte[] coarseLabels) {
        if (pixels.length != (long) fineLabels.length * bytesOf(side)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%d labels need %d bytes of pixels, found %d",
                    fineLabels.length,
                    (long) fineLabels.length * bytesOf(side),
                    pixels.length));
        }
        if (coarseLabels.length != fineLabels.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "Found %d labels but %d coarse labels", fineLabels.length, coarseLabels.length));
        }
        this.side = side;
        this.pixels = pixels;
        this.fineLabels = fineLabels;
        this.coarseLabels = coarseLabels;
    }

    /** Bytes of one image with so many rows. */
    public static int bytesOf(int side) {
        return CHANNELS * side * side;
    }

    /** How many images with so many rows one Java array holds. */
    public static int mostOf(int side) {
        return Integer.MAX_VALUE / bytesOf(side);
    }

    /** Rows, and columns, of an image. */
    public int side() {
        return side;
    }

    /** Bytes of one image. */
    public int imageBytes() {
        return bytesOf(side);
    }

    /** The number of images. */
    public int size() {
        return fineLabels.length;
    }

    /** All pixels, N * {@link #imageBytes} unsigned bytes: the array itself, to be read only. */
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
                side,
                Arrays.copyOf(pixels, n * imageBytes()),
                Arrays.copyOf(fineLabels, n),
                Arrays.copyOf(coarseLabels, n));
    }
}
