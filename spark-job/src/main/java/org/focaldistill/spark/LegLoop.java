package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkException;
import org.focaldistill.data.InvalidDataException;
import org.focaldistill.spark.cluster.NoRetryException;
import org.focaldistill.store.DiskException;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.train.ForeignCheckpointException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the legs of one training until it has an outcome, again from its last checkpoint when something breaks that may
 * not break again.
 */
final class LegLoop {
    private static final Logger LOG = LoggerFactory.getLogger(LegLoop.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final DriverClock clock;
    private final BooleanSupplier stopped;
    private final int attempts;

    /** @param stopped whether the run is to end early */
    LegLoop(DriverClock clock, BooleanSupplier stopped, int attempts) {
        this.clock = clock;
        this.stopped = stopped;
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
    @Nullable LegReport run(int firstAttempt, LegOfAttempt legs, AttemptLog log) {
        for (int attempt = firstAttempt; attempt < firstAttempt + attempts; attempt++) {
            pause(attempt - firstAttempt);
            Instant startedAt = clock.now();
            LegReport last = null;
            try {
                do {
                    if (stopped.getAsBoolean()) {
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
            } catch (Exception | LinkageError | OutOfMemoryError | FSError e) {
                // A driver that averages runs native code, which has errors of its own when memory is short; a full or
                // broken local disk is an error of Hadoop's.
                if (stopped.getAsBoolean()) {
                    log.ended(attempt, startedAt, AttemptRow.End.STOPPED, last, null);
                    return null;
                }
                log.ended(attempt, startedAt, endOf(e), last, e);
                if (isFinal(e)) {
                    return null;
                }
            }
        }
        return null;
    }

    /**
     * Spark's exception of a failed task has the task's own as cause. Images that are damaged stay so, and another
     * engine's checkpoint stays there.
     */
    private static boolean isFinal(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoRetryException
                    || cause instanceof InvalidDataException
                    || cause instanceof ForeignCheckpointException) {
                return true;
            }
        }
        return false;
    }

    /** What broke, a full disk or a file server say, may need time to mend: twice as much after each failure. */
    private void pause(int failures) {
        if (failures > 0) {
            Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 5));
            clock.pause(doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE, stopped);
        }
    }

    /** Tells the log of a failed attempt. */
    static void warn(String description, int attempt, Throwable error) {
        LOG.warn("Attempt {} at {} failed: {}", attempt, description, DiskException.sentence(error));
        LOG.debug("Attempt {} at {}", attempt, description, error);
    }

    /** Spark has no exception of its own for an executor that is gone, only these words. */
    private static AttemptRow.End endOf(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SparkException
                    && String.valueOf(cause.getMessage()).contains("ExecutorLostFailure")) {
                return AttemptRow.End.LOST;
            }
        }
        return AttemptRow.End.FAILED;
    }
}
