package org.focaldistill.train;

/**
 * Images of an epoch, in the order in which they are trained on.
 *
 * @param epoch 0-based; decides views, learning rate and the loss's weights
 * @param images indices of training images
 * @param teacherLogits {@code [images, classes]}; empty without a teacher
 */
public record EpochPart(int epoch, int[] images, float[] teacherLogits) {}
