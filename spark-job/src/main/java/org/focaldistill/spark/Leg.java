package org.focaldistill.spark;

import java.io.Serializable;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.train.Recipe;
import org.jspecify.annotations.Nullable;

/**
 * A part of one network's training: the next epochs after its newest checkpoint.
 *
 * @param model the architecture to train
 * @param loss its loss
 * @param recipe its optimisation
 * @param validationImages held-out training images
 * @param dataSeed seeds batches, views and the held-out images
 * @param initSeed seeds the first weights
 * @param data the images
 * @param teacher the teacher; null to train without
 * @param checkpoints folder of this training's checkpoints
 * @param epochs how many epochs to train, unless fewer are left
 */
record Leg(
        String model,
        LossSettings loss,
        Recipe recipe,
        int validationImages,
        long dataSeed,
        long initSeed,
        DataLocation data,
        @Nullable TeacherLocation teacher,
        String checkpoints,
        int epochs)
        implements Serializable {}
