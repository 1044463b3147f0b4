package org.focaldistill.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which training images are trained on and which are held out, and in what order each epoch takes them. Both follow
 * from the data seed alone, so trials that differ in their loss see the same batches.
 */
public final class TrainingOrder {
    private static final long SPLIT = 0x9E3779B97F4A7C15L;
    private static final long EPOCH = 0xD1B54A32D192ED03L;

    private final long dataSeed;
    private final int[] training;
    private final int[] validation;

    /**
     * @param images how many training images there are
     * @param validationImages how many of them are held out, at random
     * @throws IllegalArgumentException if none is left to train on
     */
    public TrainingOrder(long dataSeed, int images, int validationImages) {
        if (validationImages < 0 || validationImages >= images) {
            throw new IllegalArgumentException(
                    "Cannot hold out " + validationImages + " of " + images + " training images");
        }
        this.dataSeed = dataSeed;
        int[] shuffled = Permutations.of(images, new SplittableRandom(splitStart(dataSeed)));
        validation = Arrays.copyOf(shuffled, validationImages);
        training = Arrays.copyOfRange(shuffled, validationImages, images);
        Arrays.sort(validation);
        Arrays.sort(training);
    }

    static long splitStart(long dataSeed) {
        return SPLIT * (dataSeed + 1);
    }

    static long epochStart(long dataSeed, int epoch) {
        return EPOCH * (dataSeed + 1) + epoch;
    }

    /** Indices of the held-out images, ascending. */
    public int[] validation() {
        return validation.clone();
    }

    /** How many images an epoch trains on. */
    public int size() {
        return training.length;
    }

    /**
     * Indices of the images to train on, in an epoch's order.
     *
     * @param epoch 0-based
     */
    public int[] epoch(int epoch) {
        SplittableRandom random = new SplittableRandom(epochStart(dataSeed, epoch));
        int[] order = Permutations.of(training.length, random);
        for (int i = 0; i < order.length; i++) {
            order[i] = training[order[i]];
        }
        return order;
    }
}
