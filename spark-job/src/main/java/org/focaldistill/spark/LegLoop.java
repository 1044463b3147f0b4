package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.FSError;
import org.focaldistill.spark.cluster.TaskFailure;
import org.focaldistill.store.DiskException;
import org.focaldistill.sweep.AttemptRow;
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
    /** Executors in a row that are lost under a training before it is thought to be what kills them. */
    private static final int MOST_LOSSES = 10;
    /**
     * Executors in a row that the cluster takes away: a busy queue's preemptions say nothing of the training, but one that
     * takes down whole machines looks the same, and must end some day.
     */
    private static final int MOST_TAKEN_AWAY = 100;

    private final DriverClock clock;
    private final BooleanSupplier stopped;
    private final int attempts;

    /**
     * @param stopped whether the run is to end early
     * @param attempts that may fail in a row without a leg done
     */
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
     * Runs legs. Attempts count as long as none of them moves the training on: one that did, and fails later, is the
     * first again. The loss of an executor is not the training's fault, up to a generous bound, as it may be.
     *
     * @param firstAttempt number of the first attempt, 1-based over all drivers
     * @return the outcome; null if stopped or all attempts failed
     */
    @Nullable LegReport run(int firstAttempt, LegOfAttempt legs, AttemptLog log) {
        Ends ends = new Ends();
        for (int attempt = firstAttempt; ; attempt++) {
            Instant startedAt = clock.now();
            Attempt made = new Attempt(attempt, startedAt, legs);
            try {
                LegReport outcome = made.toItsEnd();
                log.ended(
                        attempt,
                        startedAt,
                        outcome == null ? AttemptRow.End.STOPPED : AttemptRow.End.OK,
                        made.last,
                        null);
                return outcome;
            } catch (Exception | LinkageError | OutOfMemoryError | FSError e) {
                // A driver that averages runs native code, which has errors of its own when memory is short; a full or
                // broken local disk is an error of Hadoop's.
                if (stopped.getAsBoolean()) {
                    log.ended(attempt, startedAt, AttemptRow.End.STOPPED, made.last, null);
                    return null;
                }
                boolean lost = TaskFailure.isLoss(e);
                log.ended(attempt, startedAt, lost ? AttemptRow.End.LOST : AttemptRow.End.FAILED, made.last, e);
                ends.add(e, made.epochs());
                if (ends.areEnough() || TaskFailure.isFinal(e)) {
                    return null;
                }
            }
            pause(ends.inARow());
        }
    }

    /** How attempts ended in a row, none of which moved the training on. */
    private final class Ends {
        private int failures;
        private int losses;
        private int takenAway;
        private int reached = -1;

        void add(Throwable error, int epochs) {
            if (epochs > reached) {
                failures = 0;
                losses = 0;
                takenAway = 0;
                reached = epochs;
            }
            if (TaskFailure.isTakenAway(error)) {
                takenAway++;
            } else if (TaskFailure.isLoss(error)) {
                losses++;
            } else {
                failures++;
            }
        }

        boolean areEnough() {
            return failures >= attempts || losses >= MOST_LOSSES || takenAway >= MOST_TAKEN_AWAY;
        }

        int inARow() {
            return failures + losses + takenAway;
        }
    }

    /** One attempt, leg after leg. */
    private final class Attempt {
        private final int number;
        private final Instant startedAt;
        private final LegOfAttempt legs;
        private @Nullable LegReport last;

        Attempt(int number, Instant startedAt, LegOfAttempt legs) {
            this.number = number;
            this.startedAt = startedAt;
            this.legs = legs;
        }

        /** Completed epochs after its last leg; -1 if none was done. */
        int epochs() {
            return last == null ? -1 : last.epochs();
        }

        /** Its outcome; null if stopped. */
        @Nullable LegReport toItsEnd() throws IOException {
            while (!stopped.getAsBoolean()) {
                int before = last == null ? -1 : last.epochs();
                LegReport ended = legs.run(number, startedAt, last);
                last = ended;
                if (ended.status() != null) {
                    return ended;
                }
                if (ended.epochs() <= before) {
                    throw new IllegalStateException("A leg ended at epoch " + ended.epochs()
                            + ", where it began: its checkpoint can not be read back");
                }
            }
            return null;
        }
    }

    /** What broke, a full disk or a file server say, may need time to mend: twice as much after each failure. */
    private void pause(int failures) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 5));
        clock.pause(doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE, stopped);
    }

    /** Tells the log of an attempt that failed, or lost its executor, which costs none. */
    static void warn(String description, int attempt, Throwable error) {
        String end = TaskFailure.isLoss(error) ? "lost its executor" : "failed";
        LOG.warn("Attempt {} at {} {}: {}", attempt, description, end, DiskException.sentence(error));
        LOG.debug("Attempt {} at {}", attempt, description, error);
    }
}
