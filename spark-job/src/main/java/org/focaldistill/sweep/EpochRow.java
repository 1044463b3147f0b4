package org.focaldistill.sweep;

import org.jspecify.annotations.Nullable;

/**
 * One row of {@code epochs/}.
 *
 * @param trialId the trial
 * @param epoch 1-based
 * @param learningRate the epoch's learning rate
 * @param train loss over the epoch's training steps, as trained
 * @param validation loss on the validation split after the epoch; null without such a split
 * @param valTop1 top-1 accuracy on the validation split in [0, 1]; null without such a split
 * @param valEce expected calibration error (15 bins) on the validation split; null without such a split
 * @param gradNorm mean over steps of the gradient's Euclidean norm, before weight decay
 * @param seconds wall time of the epoch's training steps
 * @param imagesPerSecond training images a second
 */
public record EpochRow(
        String trialId,
        int epoch,
        double learningRate,
        SplitLoss train,
        @Nullable SplitLoss validation,
        @Nullable Double valTop1,
        @Nullable Double valEce,
        double gradNorm,
        double seconds,
        double imagesPerSecond) {}
