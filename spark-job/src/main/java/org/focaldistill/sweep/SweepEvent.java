package org.focaldistill.sweep;

import org.focaldistill.text.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened while a driver ran. Each is a line of the event log, under its own name and its components'
 * names in lower case with underscores. Durations are seconds.
 */
public sealed interface SweepEvent {
    /**
     * A driver begins with a sweep.
     *
     * @param trials of the sweep
     * @param toTrain those of them without a result
     * @param slots for tasks
     */
    record SweepStarted(String sweepId, int trials, int toTrain, int slots, String codeVersion) implements SweepEvent {}

    /**
     * A driver ends with a sweep.
     *
     * @param finished trials with a result, earlier ones included
     * @param failed trials without one after all attempts
     * @param interrupted whether it was told to stop
     */
    record SweepEnded(String sweepId, int finished, int failed, boolean interrupted, double seconds)
            implements SweepEvent {}

    /**
     * A trial's first attempt of this run begins.
     *
     * @param name what tells it from the sweep's other trials, for people
     * @param epochs of the whole trial
     */
    record TrialStarted(
            String trialId,
            String name,
            String teacher,
            String student,
            double alpha,
            double beta,
            double gamma,
            long dataSeed,
            long initSeed,
            SeedStreams seedStreams,
            int epochs)
            implements SweepEvent {
        public static TrialStarted of(Trial trial, String name) {
            return new TrialStarted(
                    trial.id(),
                    name,
                    trial.teacher(),
                    trial.student(),
                    trial.loss().weights().alpha(),
                    trial.loss().weights().beta(),
                    trial.loss().weights().gamma(),
                    trial.dataSeed(),
                    trial.initSeed(),
                    trial.seedStreams(),
                    trial.recipe().epochs());
        }
    }

    /**
     * A part of a trial is done and saved.
     *
     * @param epochs of the trial that are done now
     */
    record LegEnded(String trialId, int attempt, int epochs, String host, String device, double seconds)
            implements SweepEvent {}

    /**
     * An attempt at a trial ended, well or not.
     *
     * @param error the first line of what went wrong
     */
    record AttemptEnded(
            String trialId,
            int attempt,
            AttemptRow.End end,
            @Nullable String error) implements SweepEvent {
        /** Without passwords and keys, as in the table of attempts. */
        public AttemptEnded {
            error = error == null ? null : Secrets.hidden(error);
        }
    }

    /** A trial has its result; one that diverged has one too. */
    record TrialEnded(String trialId, TrialStatus status, String summary, double seconds) implements SweepEvent {}

    /** A trial has no result after all attempts. */
    record TrialFailed(String trialId, int attempts, double seconds) implements SweepEvent {}

    /** The teacher's logits for a set of images were computed. */
    record BankFileMade(String model, String file, double seconds) implements SweepEvent {}

    /** A teacher's training begins. */
    record TeacherStarted(String teacher, String model, int epochs) implements SweepEvent {}

    /** A teacher's training ended with a model or by diverging. */
    record TeacherEnded(String teacher, TrialStatus status, String summary, double seconds) implements SweepEvent {}

    /** A teacher could not be trained. */
    record TeacherFailed(String teacher, @Nullable String error, double seconds) implements SweepEvent {
        /** Without what looks like a password or key. */
        public TeacherFailed {
            error = error == null ? null : Secrets.hidden(error);
        }
    }

    /** An executor has come. {@code slots} of all that are there now, here and below. */
    record ExecutorCame(String executor, String host, int slots) implements SweepEvent {}

    /** An executor is gone. */
    record ExecutorLost(String executor, String host, String reason, int slots) implements SweepEvent {}

    /** An executor has come that nothing can be given to. */
    record ExecutorUnusable(String executor, String host, String reason) implements SweepEvent {
        /** Without what looks like a password or key. */
        public ExecutorUnusable {
            reason = Secrets.hidden(reason);
        }
    }

    /**
     * Nothing is given to an executor or a machine for a while.
     *
     * @param place for people, for example {@code executor 3 on host-b}
     * @param failures in a row that happened there
     * @param reason of the last one
     * @param seconds for how long
     */
    record ExecutorKept(String place, int failures, String reason, double seconds) implements SweepEvent {
        /** Without what looks like a password or key. */
        public ExecutorKept {
            reason = Secrets.hidden(reason);
        }
    }

    /** Works fail on all executors, and none is kept from work. */
    record ExecutorsAllFail() implements SweepEvent {}

    /** Something was done where nothing was given to for a while. */
    record ExecutorTrusted(String place) implements SweepEvent {}

    /**
     * The driver waits, as one trial after the other fails, and tries these again then.
     *
     * @param trials that have failed in a row; 1 where one more failed while the driver waited
     * @param reason of the last one
     */
    record NothingWorksNow(int trials, @Nullable String reason, double seconds) implements SweepEvent {
        /** Without what looks like a password or key. */
        public NothingWorksNow {
            reason = reason == null ? null : Secrets.hidden(reason);
        }
    }

    /**
     * The driver begins no further trials, as one after the other fails.
     *
     * @param trials that have failed in a row
     */
    record NothingWorks(int trials, @Nullable String reason) implements SweepEvent {
        /** Without what looks like a password or key. */
        public NothingWorks {
            reason = reason == null ? null : Secrets.hidden(reason);
        }
    }
}
