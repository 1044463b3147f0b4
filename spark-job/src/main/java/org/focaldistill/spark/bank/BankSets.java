package org.focaldistill.spark.bank;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.data.Views;
import org.focaldistill.sweep.Trial;

/**
 * Which images, in which views, a training asks its teacher about.
 *
 * @param dataSeed its data seed
 * @param epochs how many it has
 * @param trainImages training images, held-out ones among them
 * @param validationImages held-out ones
 * @param testImages test images
 */
public record BankSets(long dataSeed, int epochs, int trainImages, int validationImages, int testImages) {

    static BankSets of(Trial trial) {
        return new BankSets(
                trial.seed().dataStream(),
                trial.recipe().epochs(),
                trial.data().trainImages(),
                trial.data().validationImages(),
                trial.data().testImages());
    }

    /** Those of a leg from after one epoch to the end of another, in the order in which it needs them. */
    public List<ViewedImages> between(int fromEpoch, int toEpoch) {
        Set<ViewedImages> sets = new LinkedHashSet<>();
        for (int epoch = fromEpoch; epoch < toEpoch; epoch++) {
            sets.add(new ViewedImages.AtPosition(Views.position(dataSeed, epoch), trainImages));
        }
        if (validationImages > 0) {
            sets.add(heldOut());
        }
        if (toEpoch == epochs) {
            sets.add(test());
        }
        return new ArrayList<>(sets);
    }

    /** Those that are needed to measure it when it has ended, after whichever epoch. */
    public List<ViewedImages> toMeasure() {
        return between(epochs, epochs);
    }

    /** The training images that validate. */
    public ViewedImages.HeldOut heldOut() {
        return new ViewedImages.HeldOut(dataSeed, trainImages, validationImages);
    }

    /** The test images. */
    public ViewedImages.Test test() {
        return new ViewedImages.Test(testImages);
    }

    /** Images trained on in all epochs. */
    long trainedImages() {
        return (long) epochs * (trainImages - validationImages);
    }
}
