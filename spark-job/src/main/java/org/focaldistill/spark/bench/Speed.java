package org.focaldistill.spark.bench;

import java.io.IOException;
import java.util.List;

/** How fast slots get through images, for an estimate. */
interface Speed {
    /** What holds for all readings, in lines for people. */
    List<String> assumptions();

    /**
     * One speed.
     *
     * @param teacher the teacher's architecture; empty to train without
     * @param slots that do the same side by side
     */
    Reading reading(TimedRun.Kind kind, String model, String teacher, int slots) throws IOException;

    /**
     * A speed and where it comes from.
     *
     * @param imagesPerSecond of all slots together
     * @param origin for people, the beginning of a sentence
     */
    record Reading(double imagesPerSecond, String origin) {}
}
