package org.focaldistill.spark.input;

import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.TrialOutcome;
import org.jspecify.annotations.Nullable;

/**
 * A trained teacher and how it does on the test images.
 *
 * @param location where executors find it
 * @param metrics on the test images of the sweep
 * @param unseenSeed what the held-out images it was not trained on are drawn from; null where it is not known to have
 *     been kept from any
 */
public record ReadyTeacher(
        TeacherLocation location,
        TrialOutcome.TeacherMetrics metrics,
        @Nullable Long unseenSeed) {

    /** Whether it may have been trained on the images that are held out by a {@link Seed#dataStream}. */
    public boolean mayHaveSeenValidationOf(long dataStream) {
        return unseenSeed == null || unseenSeed != dataStream;
    }
}
