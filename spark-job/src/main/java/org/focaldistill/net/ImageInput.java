package org.focaldistill.net;

import java.io.Serializable;

/**
 * What a network sees of a data set's images: square colour images of a size, normalised.
 *
 * @param side rows, and columns
 * @param normalisation how their pixels are normalised
 */
public record ImageInput(int side, Normalisation normalisation) implements Serializable {
    /** CIFAR's images, and generated ones. */
    public static final ImageInput CIFAR = new ImageInput(32, Normalisation.CIFAR100);

    private static final int COLOURS = 3;

    public ImageInput {
        if (side < 1) {
            throw new IllegalArgumentException("Images have at least one row, found " + side);
        }
    }

    /** The shape of an image. */
    public FeatureShape shape() {
        return new FeatureShape(side, side, COLOURS);
    }

    /** In words, exact: equal inputs say the same. */
    @Override
    public String toString() {
        return side + " x " + side + ", mean " + normalisation.mean() + ", deviation " + normalisation.deviation();
    }
}
