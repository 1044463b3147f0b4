package org.focaldistill.train;

import org.focaldistill.data.TrainingOrder;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.net.Network;
import org.focaldistill.sweep.Recipe;

/**
 * One network to train.
 *
 * @param network what
 * @param loss its loss; alpha above 0 needs a teacher
 * @param recipe how it is optimised
 * @param validationImages how many training images are held out
 * @param dataSeed seeds batches, views and the held-out images
 * @param initSeed seeds the first weights
 */
public record TrainingTask(
        Network network, LossSettings loss, Recipe recipe, int validationImages, long dataSeed, long initSeed) {

    /** The order in which it takes the images. */
    public TrainingOrder order(TrainingData data) {
        return new TrainingOrder(dataSeed, data.train().size(), validationImages);
    }
}
