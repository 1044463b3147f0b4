package org.focaldistill.train;

import org.focaldistill.data.TrainingOrder;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.zoo.Architecture;

/**
 * One network to train.
 *
 * @param architecture what
 * @param classes how many logits it gets
 * @param loss its loss; alpha above 0 needs a teacher
 * @param recipe how it is optimised
 * @param validationImages how many training images are held out
 * @param dataSeed seeds batches, views and the held-out images
 * @param initSeed seeds the first weights
 */
public record TrainingTask(
        Architecture architecture,
        int classes,
        LossSettings loss,
        Recipe recipe,
        int validationImages,
        long dataSeed,
        long initSeed) {

    /** The order in which it takes the images. */
    TrainingOrder order(TrainingData data) {
        return new TrainingOrder(dataSeed, data.train().size(), validationImages);
    }
}
