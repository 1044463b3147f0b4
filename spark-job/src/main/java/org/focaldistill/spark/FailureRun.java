package org.focaldistill.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.focaldistill.sweep.Trial;

/**
 * Trials that failed one after the other, all attempts of each, while not one leg was done anywhere. Where every thread has
 * seen failures alone, a long run of them says that it is not the trials: what all need is broken. Where nothing has worked before, that will hardly mend itself. Where
 * something has, a file server that is away say, it may: the trials wait, longer and longer, and are tried again.
 */
final class FailureRun {
    private static final int TRIALS = 3;
    private static final int ATTEMPTS = 9;
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    /** Half an hour in all. */
    private static final int PAUSES = 5;

    private final List<Trial> trials = new ArrayList<>();
    /** Who has seen a failure since a leg was done. */
    private final Set<Thread> threads = new HashSet<>();

    private int attempts;
    private int pauses;
    private boolean worked;
    private Instant pausedUntil = Instant.MIN;

    /**
     * What to do after a trial has failed.
     *
     * @param action to take
     * @param trials of the run, the last one included
     * @param pause before further trials begin
     */
    record Verdict(Action action, List<Trial> trials, Duration pause) {}

    enum Action {
        GO_ON,
        TRY_AGAIN_LATER,
        END
    }

    /** A leg was done somewhere. */
    synchronized void end() {
        worked = true;
        begin();
        pauses = 0;
        pausedUntil = Instant.MIN;
    }

    private void begin() {
        trials.clear();
        threads.clear();
        attempts = 0;
    }

    /** On the calling thread. */
    synchronized void attemptFailed() {
        attempts++;
        threads.add(Thread.currentThread());
    }

    /**
     * A trial has failed with its last attempt.
     *
     * @param working threads that there are
     */
    synchronized Verdict another(Trial trial, int working, Instant now) {
        trials.add(trial);
        List<Trial> run = List.copyOf(trials);
        if (run.size() < TRIALS || attempts < ATTEMPTS || threads.size() < working) {
            return new Verdict(Action.GO_ON, run, Duration.ZERO);
        }
        if (!worked || pauses == PAUSES) {
            return new Verdict(Action.END, run, Duration.ZERO);
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << pauses++);
        pausedUntil = now.plus(pause);
        begin();
        return new Verdict(Action.TRY_AGAIN_LATER, run, pause);
    }

    /** How much longer no trial is to begin. */
    synchronized Duration pause(Instant now) {
        return now.isBefore(pausedUntil) ? Duration.between(now, pausedUntil) : Duration.ZERO;
    }
}
