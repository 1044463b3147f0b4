package org.focaldistill.spark;

import java.io.Serializable;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a leg's task tells the driver.
 *
 * @param epochs completed epochs of the training
 * @param status the training's final outcome; null if there are epochs to come
 * @param summary of a final outcome, for people
 * @param host where it ran
 * @param device what it ran on
 */
public record LegReport(int epochs, @Nullable TrialStatus status, String summary, String host, String device)
        implements Serializable {}
