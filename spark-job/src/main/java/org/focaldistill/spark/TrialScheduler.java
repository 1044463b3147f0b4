package org.focaldistill.spark;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;

/**
 * Gives trials to slots: in the order of the plan, each slot the next trial when it is free, a trial leg by leg and
 * after a failure again from its last checkpoint. Knows neither Spark nor files; a slot is a thread that waits.
 */
public final class TrialScheduler {
    private final DriverClock clock;
    private final BooleanSupplier stopped;
    private final int atATime;
    private final LegLoop legs;

    /**
     * @param stopped whether the run is to end early
     * @param atATime trials at a time
     * @param attempts tries at a trial
     */
    public TrialScheduler(DriverClock clock, BooleanSupplier stopped, int atATime, int attempts) {
        this.clock = clock;
        this.stopped = stopped;
        this.atATime = atATime;
        this.legs = new LegLoop(clock, stopped, attempts);
    }

    /** What runs the legs of trials, and is told what comes of them. Called from several threads at a time. */
    public interface Slots {
        /** A trial has been given to a slot. */
        void began(Trial trial);

        /**
         * Runs the next leg of an attempt; returns when it has ended.
         *
         * @param last how the leg before it ended; null if it is the attempt's first
         */
        LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last) throws IOException;

        /**
         * An attempt is over, however it ended.
         *
         * @param last how its last leg ended; null if none has
         * @param error what broke; null if nothing did
         */
        void attemptEnded(
                Trial trial,
                int attempt,
                Instant startedAt,
                AttemptRow.End end,
                @Nullable LegReport last,
                @Nullable Throwable error);

        /** A trial has its outcome. */
        void ended(Trial trial, LegReport outcome);

        /** A trial has none after all attempts. */
        void failed(Trial trial);
    }

    /**
     * Runs trials until each has an outcome or has failed, or the run is stopped.
     *
     * @param attemptsBefore attempts of earlier runs, by trial id
     * @return how many have failed
     */
    public int run(List<Trial> trials, Map<String, Integer> attemptsBefore, Slots slots) {
        Queue<Trial> waiting = new ConcurrentLinkedQueue<>(trials);
        AtomicInteger failed = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean();
        int threads = Math.min(atATime, trials.size());
        List<FutureTask<?>> works = IntStream.range(0, threads)
                .<FutureTask<?>>mapToObj(slot -> new FutureTask<>(
                        () -> {
                            try {
                                empty(waiting, attemptsBefore, slots, failed, broken);
                            } catch (RuntimeException | Error e) {
                                broken.set(true);
                                throw e;
                            } finally {
                                clock.threadEnds();
                            }
                        },
                        null))
                .toList();
        clock.threadsBegin(threads);
        List<Thread> started =
                works.stream().map(work -> new Thread(work, "trial")).toList();
        started.forEach(Thread::start);
        try {
            await(works);
        } finally {
            broken.set(true);
            started.forEach(Thread::interrupt);
            started.forEach(TrialScheduler::join);
        }
        return failed.get();
    }

    /** Until all have ended; what one of them threw is thrown here. */
    private static void await(List<FutureTask<?>> works) {
        try {
            for (FutureTask<?> work : works) {
                work.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A thread that drives trials failed", e.getCause());
        }
    }

    /** What a thread still does may use what the caller closes next. */
    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param broken whether a thread failed, or the run is over: then no further trial begins */
    private void empty(
            Queue<Trial> waiting,
            Map<String, Integer> attemptsBefore,
            Slots slots,
            AtomicInteger failed,
            AtomicBoolean broken) {
        for (Trial trial = waiting.poll();
                trial != null && !stopped.getAsBoolean() && !broken.get();
                trial = waiting.poll()) {
            int first = attemptsBefore.getOrDefault(trial.id(), 0) + 1;
            if (!runOne(trial, first, slots) && !stopped.getAsBoolean()) {
                failed.incrementAndGet();
                slots.failed(trial);
            }
        }
    }

    /** Whether the trial got its outcome. */
    private boolean runOne(Trial trial, int firstAttempt, Slots slots) {
        slots.began(trial);
        LegReport outcome = legs.run(
                firstAttempt,
                (attempt, startedAt, last) -> slots.leg(trial, attempt, startedAt, last),
                (attempt, startedAt, end, last, error) ->
                        slots.attemptEnded(trial, attempt, startedAt, end, last, error));
        if (outcome != null) {
            slots.ended(trial, outcome);
        }
        return outcome != null;
    }
}
