package org.focaldistill.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.sweep.Trial;

/**
 * Trials that failed one after the other, all attempts of each, while not one leg was done anywhere. Where every thread
 * that works has seen failures alone, a long run of them says that it is not the trials: what all need is broken. Where
 * nothing has worked before, that will hardly mend itself. Where something has, a file server that is away say, it may:
 * the trials wait, longer and longer, and are tried again. Where no others are left to begin, it may be these trials all
 * the same: unless one of them had a leg done, they are tried again once, and after the last time they have failed as any
 * others. While one thread is in a leg of which nothing is known yet, a very long run waits for its end.
 */
final class FailureRun {
    private static final int TRIALS = 3;
    private static final int ATTEMPTS = 9;
    private static final int TRIALS_BESIDE_A_LEG = 10;
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Half an hour in all. */
    private static final int PAUSES = 5;

    private final List<Trial> trials = new ArrayList<>();
    /** Whether a thread that works has seen a failure since a leg was done. */
    private final Map<Thread, Boolean> threads = new HashMap<>();
    /** Trials of which a leg was done. */
    private final Set<String> movedOn = new HashSet<>();

    /** Threads that are in no trial. */
    private final Set<Thread> resting = new HashSet<>();

    private int attempts;
    private int pauses;
    private boolean worked;
    private boolean held;
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
        /** As those that wait already. */
        TRY_AGAIN_WITH_OTHERS,
        END
    }

    /** The calling thread has a trial to run. */
    synchronized void works() {
        resting.remove(Thread.currentThread());
        threads.putIfAbsent(Thread.currentThread(), false);
    }

    /** The calling thread's trial is over, and it may be given another one. */
    synchronized void rests() {
        resting.add(Thread.currentThread());
    }

    /** The calling thread has none any more. */
    synchronized void leaves() {
        resting.remove(Thread.currentThread());
        threads.remove(Thread.currentThread());
    }

    /** A leg of a trial was done. */
    synchronized void end(Trial trial) {
        worked = true;
        movedOn.add(trial.id());
        pauses = 0;
        pausedUntil = Instant.MIN;
        begin();
    }

    private void begin() {
        trials.clear();
        threads.replaceAll((thread, failed) -> false);
        attempts = 0;
        held = false;
    }

    /** On the calling thread. */
    synchronized void attemptFailed() {
        attempts++;
        threads.put(Thread.currentThread(), true);
    }

    /**
     * A trial has failed with its last attempt, on the calling thread.
     *
     * @param mayMend whether a further attempt may end otherwise
     * @param others whether there are trials that have not begun
     */
    synchronized Verdict another(Trial trial, boolean mayMend, boolean others, Instant now) {
        if (now.isBefore(pausedUntil)) {
            if (!mayMend) {
                return new Verdict(Action.GO_ON, List.of(trial), Duration.ZERO);
            }
            // It was in a leg when the others failed.
            begin();
            return new Verdict(Action.TRY_AGAIN_WITH_OTHERS, List.of(trial), Duration.between(now, pausedUntil));
        }
        trials.add(trial);
        List<Trial> run = List.copyOf(trials);
        Verdict goOn = new Verdict(Action.GO_ON, run, Duration.ZERO);
        if (run.size() < TRIALS || attempts < ATTEMPTS) {
            return goOn;
        }
        if (!allFail()) {
            held = run.size() >= Math.max(TRIALS_BESIDE_A_LEG, 2 * threads.size());
            return goOn;
        }
        boolean patient = others || run.stream().anyMatch(each -> movedOn.contains(each.id()));
        if (!worked || pauses >= (patient ? PAUSES : 1)) {
            // Where all were begun the sweep is done, and these have failed.
            return others ? new Verdict(Action.END, run, Duration.ZERO) : goOn;
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(pauses++, PAUSES - 1));
        pausedUntil = now.plus(pause);
        begin();
        return new Verdict(Action.TRY_AGAIN_LATER, run, pause);
    }

    private boolean allFail() {
        // One that rests is in no leg that may end well.
        return threads.entrySet().stream().allMatch(each -> each.getValue() || resting.contains(each.getKey()));
    }

    /** How long to wait until it is asked again whether a further trial may begin; zero if it may. */
    synchronized Duration pause(Instant now) {
        if (now.isBefore(pausedUntil)) {
            return Duration.between(now, pausedUntil);
        }
        return held && !allFail() ? LOOK : Duration.ZERO;
    }
}
