package org.focaldistill.data;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Training and test images with the names of their classes.
 *
 * @param name {@code cifar100}, {@code cifar10}, {@code generated} for generated images, or what somebody's own are called
 * @param generated whether the images are procedural, not photographs
 * @param classNames names by label
 * @param coarseNames names by coarse label; empty where there are none
 * @param statistics of the training images' colours, by which somebody's own images are normalised; null for images like
 *     CIFAR's, which are normalised as CIFAR-100's
 * @param train training images, in archive order
 * @param test test images, in archive order
 */
public record ImageDataSet(
        String name,
        boolean generated,
        List<String> classNames,
        List<String> coarseNames,
        @Nullable ColourStatistics statistics,
        ImageSet train,
        ImageSet test) {
    /** The name of every generated data set. */
    public static final String GENERATED = "generated";

    public ImageDataSet {
        if (name.isBlank() || generated != name.equals(GENERATED)) {
            throw new IllegalArgumentException(
                    "Generated images, and no others, are named '%s', found '%s' with generated = %s"
                            .formatted(GENERATED, name, generated));
        }
        classNames = List.copyOf(classNames);
        coarseNames = List.copyOf(coarseNames);
        if (train.side() != test.side()) {
            throw new IllegalArgumentException(
                    "Training images of " + train.side() + " rows can not go with test images of " + test.side());
        }
        requireLabels("training", train, classNames.size(), coarseNames.size());
        requireLabels("test", test, classNames.size(), coarseNames.size());
    }

    /** Images like CIFAR's. */
    public ImageDataSet(
            String name,
            boolean generated,
            List<String> classNames,
            List<String> coarseNames,
            ImageSet train,
            ImageSet test) {
        this(name, generated, classNames, coarseNames, null, train, test);
    }

    /** The number of classes. */
    public int classes() {
        return classNames.size();
    }

    private static void requireLabels(String split, ImageSet images, int classes, int coarseClasses) {
        for (int i = 0; i < images.size(); i++) {
            if (images.label(i) >= classes) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT, "Label %d of %s image %d is not in [0, %d)", images.label(i), split, i, classes));
            }
            if (images.coarseLabel(i) >= Math.max(1, coarseClasses)) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Coarse label %d of %s image %d is not in [0, %d)",
                        images.coarseLabel(i),
                        split,
                        i,
                        Math.max(1, coarseClasses)));
            }
        }
    }
}
