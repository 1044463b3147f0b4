package org.focaldistill.net;

/**
 * A square window that slides over an image.
 *
 * @param size its height and width
 * @param stride its step
 * @param padding zeros on each side of the image
 */
public record Window(int size, int stride, int padding) {
    /** How many there are along an extent. Floor, as PyTorch: rows that no full window reaches are dropped. */
    public long positions(long extent) {
        return (extent + 2L * padding - size) / stride + 1;
    }
}
