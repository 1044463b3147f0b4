package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.focaldistill.spark.cluster.TaskFailure;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;

/**
 * Gives trials to slots: in the order of the plan, each slot the next trial when it is free, a trial leg by leg and
 * after a failure again from its last checkpoint. Slots may become more and fewer meanwhile. When trial after trial fails
 * and nothing is done in between, it ends. Knows neither Spark nor files; a slot is a thread that waits.
 */
public final class TrialScheduler {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final DriverClock clock;
    private final BooleanSupplier stopped;
    private final IntSupplier atATime;
    private final LegLoop legs;

    /**
     * @param stopped whether the run is to end early
     * @param atATime trials at a time, asked again and again
     * @param attempts tries at a trial that may fail in a row without a leg done
     */
    public TrialScheduler(DriverClock clock, BooleanSupplier stopped, IntSupplier atATime, int attempts) {
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

        /**
         * So many trials in a row have failed, and not one leg was done meanwhile: after a while these are tried again, as if
         * they had not been.
         */
        void nothingWorksNow(List<Trial> inARow, Duration pause);

        /** A trial that has failed while others wait is tried again with them. */
        void waitsToo(Trial trial, Duration pause);

        /** As before, and those that are left do not begin. What runs is to be stopped. */
        void nothingWorks(int trialsInARow);
    }

    /**
     * Runs trials until each has an outcome or has failed, or the run is stopped.
     *
     * @param attemptsBefore attempts of earlier runs, by trial id
     * @return how many have failed
     */
    public int run(List<Trial> trials, Map<String, Integer> attemptsBefore, Slots slots) {
        Run run = new Run(trials, attemptsBefore, slots);
        run.startThreads();
        try {
            run.await();
        } finally {
            run.end();
        }
        return run.failed.get();
    }

    /** A run and its threads. */
    private final class Run {
        private final TrialQueue waiting;
        /** By trial: the number of its last one. */
        private final Map<String, Integer> attempts;

        private final Slots slots;
        private final FailureRun failuresInARow = new FailureRun();
        /** Trials of which no further attempt would end otherwise. */
        private final Set<String> beyondHelp = ConcurrentHashMap.newKeySet();

        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicInteger working = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        Run(List<Trial> trials, Map<String, Integer> attemptsBefore, Slots slots) {
            this.waiting = new TrialQueue(trials);
            this.attempts = new ConcurrentHashMap<>(attemptsBefore);
            this.slots = slots;
        }

        /** As many as there are slots for, at least one. */
        void startThreads() {
            int more = Math.min(Math.max(1, atATime.getAsInt()) - working.get(), waiting.size());
            if (more <= 0 || mayNotBegin()) {
                return;
            }
            working.addAndGet(more);
            clock.threadsBegin(more);
            threads.removeIf(thread -> !thread.isAlive());
            for (int i = 0; i < more; i++) {
                Thread thread = new Thread(this::work, "trial");
                threads.add(thread);
                thread.start();
            }
        }

        /** Until all trials are over; slots that come meanwhile are used. */
        void await() {
            try {
                do {
                    startThreads();
                } while (workIsLeft());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** After a while, or sooner if there is nothing left to wait for. */
        private synchronized boolean workIsLeft() throws InterruptedException {
            if (working.get() > 0) {
                wait(LOOK.toMillis());
            }
            return working.get() > 0 || (waiting.size() > 0 && !mayNotBegin());
        }

        /** What a thread still does may use what the caller closes next. What one of them threw is thrown here. */
        void end() {
            over = true;
            threads.forEach(Thread::interrupt);
            threads.forEach(TrialScheduler::join);
            Throwable thrown = broken.get();
            if (thrown != null) {
                throw new IllegalStateException("A thread that drives trials failed", thrown);
            }
        }

        private void work() {
            try {
                empty();
            } catch (RuntimeException | Error e) {
                broken.compareAndSet(null, e);
            } finally {
                failuresInARow.leaves();
                endThread();
                clock.threadEnds();
            }
        }

        private synchronized void endThread() {
            working.decrementAndGet();
            notifyAll();
        }

        /** A thread failed, or the run is over: then no further trial begins. */
        private boolean mayNotBegin() {
            return over || stopped.getAsBoolean() || broken.get() != null;
        }

        private void empty() {
            while (!mayNotBegin() && working.get() <= Math.max(1, atATime.getAsInt())) {
                Duration pause = failuresInARow.pause(clock.now());
                if (!pause.isZero()) {
                    clock.pause(pause, this::mayNotBegin);
                    continue;
                }
                Trial trial = waiting.poll();
                if (trial == null) {
                    return;
                }
                failuresInARow.works();
                boolean ended = runOne(trial, attempts.getOrDefault(trial.id(), 0) + 1);
                failuresInARow.rests();
                if (!ended && !stopped.getAsBoolean()) {
                    failed.incrementAndGet();
                    slots.failed(trial);
                    giveUp(trial);
                }
            }
        }

        private void giveUp(Trial trial) {
            FailureRun.Verdict verdict =
                    failuresInARow.another(trial, !beyondHelp.contains(trial.id()), waiting.hasNew(), clock.now());
            int inARow = verdict.trials().size();
            switch (verdict.action()) {
                case GO_ON -> waiting.postponeLike(trial);
                case TRY_AGAIN_LATER -> {
                    failed.addAndGet(-inARow);
                    waiting.addAgain(verdict.trials());
                    slots.nothingWorksNow(verdict.trials(), verdict.pause());
                }
                case TRY_AGAIN_WITH_OTHERS -> {
                    failed.decrementAndGet();
                    waiting.addAgain(verdict.trials());
                    slots.waitsToo(trial, verdict.pause());
                }
                case END -> {
                    over = true;
                    slots.nothingWorks(inARow);
                }
            }
        }

        /** Whether the trial got its outcome. */
        private boolean runOne(Trial trial, int firstAttempt) {
            slots.began(trial);
            LegReport outcome = legs.run(
                    firstAttempt,
                    (attempt, startedAt, last) -> {
                        LegReport done = slots.leg(trial, attempt, startedAt, last);
                        failuresInARow.end(trial);
                        return done;
                    },
                    (attempt, startedAt, end, last, error) -> {
                        if (error != null) {
                            failuresInARow.attemptFailed();
                            if (TaskFailure.isFinal(error)) {
                                beyondHelp.add(trial.id());
                            }
                        }
                        attempts.merge(trial.id(), attempt, Math::max);
                        slots.attemptEnded(trial, attempt, startedAt, end, last, error);
                    });
            if (outcome != null) {
                slots.ended(trial, outcome);
            }
            return outcome != null;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
