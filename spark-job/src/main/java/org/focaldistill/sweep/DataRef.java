package org.focaldistill.sweep;

import java.io.Serializable;

/**
 * The images a trial works on.
 *
 * @param name {@code cifar100}, {@code cifar10}, {@code generated}, or what somebody's own images are called
 * @param hash hash of the prepared images and labels, from the shard index
 * @param generated whether the images are procedural, not photographs
 * @param trainImages how many of the first training images are used
 * @param validationImages how many of those are held out for validation (0: none)
 * @param testImages how many of the first test images are used
 */
public record DataRef(
        String name, String hash, boolean generated, int trainImages, int validationImages, int testImages)
        implements Serializable {

    public DataRef {
        if (trainImages < 1 || testImages < 1) {
            throw new IllegalArgumentException(
                    "A trial needs training and test images, found " + trainImages + " and " + testImages);
        }
        if (validationImages < 0 || validationImages >= trainImages) {
            throw new IllegalArgumentException(
                    "validationImages must be in [0, trainImages = " + trainImages + "), found " + validationImages);
        }
    }
}
