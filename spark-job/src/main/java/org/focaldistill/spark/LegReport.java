package org.focaldistill.spark;

import java.io.Serializable;
import java.util.List;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.stop.HeldOut;
import org.jspecify.annotations.Nullable;

/**
 * What a leg's task tells the driver.
 *
 * @param epochs completed epochs of the training
 * @param status the training's final outcome; null if there are epochs to come
 * @param summary of a final outcome, for people
 * @param host where it ran
 * @param device what it ran on
 * @param course what each completed epoch gave on the held-out images; empty where there are none, or nobody asks
 */
public record LegReport(
        int epochs, @Nullable TrialStatus status, String summary, String host, String device, List<HeldOut> course)
        implements Serializable {
    public LegReport {
        course = List.copyOf(course);
    }

    /** Without a course. */
    public LegReport(int epochs, @Nullable TrialStatus status, String summary, String host, String device) {
        this(epochs, status, summary, host, device, List.of());
    }
}
