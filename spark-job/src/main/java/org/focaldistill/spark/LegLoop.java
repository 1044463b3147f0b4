package org.focaldistill.spark;

import java.io.IOException;
import java.time.Instant;
import org.apache.spark.SparkException;
import org.focaldistill.sweep.AttemptRow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the legs of one training until it has an outcome, again from its last checkpoint when something breaks. */
final class LegLoop {
    private static final Logger LOG = LoggerFactory.getLogger(LegLoop.class);

    private final StopSwitch stop;
    private final int attempts;

    LegLoop(StopSwitch stop, int attempts) {
        this.stop = stop;
        this.attempts = attempts;
    }

    /** The next leg of an attempt. */
    interface LegOfAttempt {
        /**
         * Runs it.
         *
         * @param last how the leg before it ended; null if it is the attempt's first
         */
        LegReport run(int attempt, Instant startedAt, @Nullable LegReport last) throws IOException;
    }

    /** Told of every attempt's end. */
    interface AttemptLog {
        void ended(
                int attempt,
                Instant startedAt,
                AttemptRow.End end,
                @Nullable LegReport last,
                @Nullable Throwable error);
    }

    /**
     * Runs legs.
     *
     * @param firstAttempt number of the first attempt, 1-based over all drivers
     * @return the outcome; null if stopped or all attempts failed
     */
    @Nullable LegReport run(String description, int firstAttempt, LegOfAttempt legs, AttemptLog log) {
        for (int attempt = firstAttempt; attempt < firstAttempt + attempts; attempt++) {
            Instant startedAt = Instant.now();
            LegReport last = null;
            try {
                do {
                    if (stop.isPulled()) {
                        log.ended(attempt, startedAt, AttemptRow.End.STOPPED, last, null);
                        return null;
                    }
                    int before = last == null ? -1 : last.epochs();
                    last = legs.run(attempt, startedAt, last);
                    if (last.status() == null && last.epochs() <= before) {
                        throw new IllegalStateException("A leg ended at epoch " + last.epochs()
                                + ", where it began: its checkpoint can not be read back");
                    }
                } while (last.status() == null);
                log.ended(attempt, startedAt, AttemptRow.End.OK, last, null);
                return last;
            } catch (Exception e) {
                if (stop.isPulled()) {
                    log.ended(attempt, startedAt, AttemptRow.End.STOPPED, last, null);
                    return null;
                }
                log.ended(attempt, startedAt, endOf(e), last, e);
                LOG.warn("Attempt {} at {} failed: {}", attempt, description, firstLine(e));
                LOG.debug("Attempt {} at {}", attempt, description, e);
            }
        }
        return null;
    }

    /** Spark packs a task's whole stack into the message; that is kept with the attempt. */
    static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Spark has no exception of its own for an executor that is gone, only these words. */
    private static AttemptRow.End endOf(Exception e) {
        boolean lost =
                e instanceof SparkException && String.valueOf(e.getMessage()).contains("ExecutorLostFailure");
        return lost ? AttemptRow.End.LOST : AttemptRow.End.FAILED;
    }
}
