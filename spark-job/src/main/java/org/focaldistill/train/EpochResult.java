package org.focaldistill.train;

import org.focaldistill.sweep.SplitLoss;
import org.jspecify.annotations.Nullable;

/**
 * What an epoch gave.
 *
 * @param epoch 1-based
 * @param learningRate the epoch's
 * @param train loss over its steps, as trained, mean over images
 * @param validation loss on the held-out images after it; null without any
 * @param valTop1 accuracy on them in [0, 1]
 * @param valEce expected calibration error on them, 15 bins
 * @param gradNorm mean over steps of the gradient's norm before weight decay
 * @param seconds wall time of its steps
 * @param images how many images it trained on
 */
public record EpochResult(
        int epoch,
        double learningRate,
        SplitLoss train,
        @Nullable SplitLoss validation,
        @Nullable Double valTop1,
        @Nullable Double valEce,
        double gradNorm,
        double seconds,
        int images) {}
