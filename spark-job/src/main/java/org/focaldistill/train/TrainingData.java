package org.focaldistill.train;

import org.focaldistill.data.ImageSet;

/**
 * The images a network is trained and measured on; shared by all trials of a JVM, never changed.
 *
 * @param train training images, those held out for validation among them
 * @param test test images
 */
public record TrainingData(ImageSet train, ImageSet test) {}
