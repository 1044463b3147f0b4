package org.focaldistill.net;

/**
 * A square window that slides over an image.
 *
 * @param size its height and width
 * @param stride its step
 * @param padding zeros on each side of the image
 */
public record Window(int size, int stride, int padding) {
    public Window {
        if (size < 1 || stride < 1 || padding < 0) {
            throw new IllegalArgumentException("A window has a size and a step of at least 1, and no negative padding;"
                    + " found " + size + ", " + stride + " and " + padding);
        }
    }

    /** Whether there is room for one along an extent. */
    boolean fits(int extent) {
        return size <= extent + 2 * padding;
    }

    /** How many there are along an extent. Floor, as PyTorch: rows that no full window reaches are dropped. */
    public long positions(long extent) {
        return (extent + 2L * padding - size) / stride + 1;
    }
}
