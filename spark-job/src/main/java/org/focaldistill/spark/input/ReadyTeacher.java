package org.focaldistill.spark.input;

import org.focaldistill.sweep.TrialOutcome;
import org.jspecify.annotations.Nullable;

/**
 * A trained teacher and how it does on the test images.
 *
 * @param location where executors find it
 * @param metrics on the test images of the sweep
 * @param unseenSeed the data seed whose held-out images it was not trained on; null where it is not known to have been
 *     kept from any
 */
public record ReadyTeacher(
        TeacherLocation location,
        TrialOutcome.TeacherMetrics metrics,
        @Nullable Long unseenSeed) {

    /** Whether it may have been trained on the images that a data seed holds out. */
    public boolean mayHaveSeenValidationOf(long dataSeed) {
        return unseenSeed == null || unseenSeed != dataSeed;
    }
}
