package org.focaldistill.net;

/**
 * The extents of what a node computes of one image; a vector has one row and one column.
 *
 * @param height rows
 * @param width columns
 * @param channels features of a pixel
 */
public record FeatureShape(int height, int width, int channels) {
    public FeatureShape {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException("Features have rows, columns and channels, found " + height + " x "
                    + width + " of " + channels + " channels");
        }
    }

    /** A vector of so many features. */
    static FeatureShape vector(int features) {
        return new FeatureShape(1, 1, features);
    }

    boolean sameSizeAs(FeatureShape other) {
        return height == other.height && width == other.width;
    }
}
