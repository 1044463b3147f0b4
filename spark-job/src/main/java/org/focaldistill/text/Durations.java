package org.focaldistill.text;

import java.time.Duration;

/** How long something takes, for people. */
public final class Durations {
    private Durations() {}

    /** For example {@code 3 h 12 min}, {@code 4 min 5 s}, {@code 12 s}. */
    public static String text(double seconds) {
        Duration duration = Duration.ofSeconds(Math.max(0, Math.round(seconds)));
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toSeconds() + " s";
    }
}
