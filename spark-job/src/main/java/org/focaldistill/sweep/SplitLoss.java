package org.focaldistill.sweep;

import org.focaldistill.loss.LossComponents;

/**
 * Loss on one split, as stored in {@code train_}, {@code val_} and {@code test_} columns.
 *
 * @param total the weighted total under the trial's own weights
 * @param components the unweighted parts, KL already times T^2
 */
public record SplitLoss(double total, LossComponents components) {}
