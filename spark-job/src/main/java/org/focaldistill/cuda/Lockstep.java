package org.focaldistill.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardGraph;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.CudaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the steps of all students of a program that are under way on a card, together: a step is one graph, and each kernel in it
 * is launched once for all. A student joins with its epoch and leaves after it, so that some evaluate while others train, and they
 * may be at different epochs; who takes part does not change anybody's numbers. The steps are made in runs, by a thread of its
 * own; between two runs students join, leave and learn what was made.
 */
final class Lockstep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lockstep.class);

    /** Steps of a student's run when it is alone. */
    private static final int RUN = 100;

    private static final int SHORTEST_RUN = 10;

    private final Card card;
    private final StepKernels kernels;
    private final Program program;
    private final CardStream stream;
    private final Thread thread;

    /** Of the thread alone. */
    private final Map<Integer, Together> bySize = new HashMap<>();

    private final List<Member> members = new ArrayList<>();
    private @Nullable Throwable failure;
    private boolean closed;

    Lockstep(Card card, StepKernels kernels, Program program) {
        this.card = card;
        this.kernels = kernels;
        this.program = program;
        kernels.load(program.numerics());
        stream = card.stream();
        thread = new Thread(this::makeSteps, "steps on " + card.info().name());
        thread.setDaemon(true);
        thread.start();
    }

    /** What its students are of. */
    Program program() {
        return program;
    }

    /** Whether it can make no further step. */
    synchronized boolean hasFailed() {
        return failure != null;
    }

    /**
     * Joins with an epoch, all of which is on the card.
     *
     * @param steps how many it has
     */
    synchronized Member join(CardMemory arena, int steps) {
        Member member = new Member(arena, steps);
        members.add(member);
        notifyAll();
        return member;
    }

    /** A student that takes part. */
    final class Member implements AutoCloseable {
        private final CardMemory arena;
        private final int steps;
        private int made;
        private boolean running;

        private Member(CardMemory arena, int steps) {
            this.arena = arena;
            this.steps = steps;
        }

        /**
         * Waits until more than so many steps are made.
         *
         * @return how many are
         * @throws IllegalStateException if no further one can be, with the card's error as its cause
         */
        int awaitMoreThan(int known) {
            synchronized (Lockstep.this) {
                awaitThat(() -> made > known || failure != null);
                if (failure != null) {
                    throw new IllegalStateException("The card can not go on: " + failure.getMessage(), failure);
                }
                return made;
            }
        }

        /** Leaves; returns when nothing is under way that works on its arena. */
        @Override
        public void close() {
            synchronized (Lockstep.this) {
                members.remove(this);
                awaitThat(() -> !running);
            }
        }
    }

    private interface Sight {
        boolean isThere();
    }

    /** Not to be interrupted: a run is over soon, and only then a student may stop. */
    private void awaitThat(Sight sight) {
        boolean interrupted = false;
        while (!sight.isThere()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void makeSteps() {
        List<Member> run = List.of();
        try {
            for (run = next(); !run.isEmpty(); run = next()) {
                int steps = lengthOf(run);
                make(run, steps);
                over(run, steps);
            }
        } catch (RuntimeException | Error e) {
            fail(run, end(e));
        }
        free();
    }

    /** Together, or in halves where the card has no room for another graph. */
    private void make(List<Member> run, int steps) {
        CardGraph step;
        try {
            step = together(run);
            // A card may take a graph's memory when it is first launched.
            stream.launch(step);
        } catch (CudaException e) {
            if (!e.isOutOfMemory() || run.size() == 1) {
                throw e;
            }
            int half = run.size() / 2;
            make(run.subList(0, half), steps);
            make(run.subList(half, run.size()), steps);
            return;
        }
        for (int i = 1; i < steps; i++) {
            stream.launch(step);
        }
        stream.await();
    }

    /** Waits for what is under way: as soon as its members know of an error they free what it works on. */
    private Throwable end(Throwable error) {
        try {
            stream.await();
        } catch (RuntimeException e) {
            if (e != error) {
                error.addSuppressed(e);
            }
        }
        return error;
    }

    /** Those that have steps to make, as soon as there are any; none when it is closed. */
    private synchronized List<Member> next() {
        awaitThat(() -> closed || members.stream().anyMatch(Lockstep::isOpen));
        List<Member> run =
                closed ? List.of() : members.stream().filter(Lockstep::isOpen).toList();
        run.forEach(member -> member.running = true);
        return run;
    }

    private static boolean isOpen(Member member) {
        return member.made < member.steps;
    }

    /** Not beyond the first one's end, and the shorter the more take part, as theirs take longer. */
    private static int lengthOf(List<Member> run) {
        int left = run.stream()
                .mapToInt(member -> member.steps - member.made)
                .min()
                .orElseThrow();
        return Math.min(left, Math.max(SHORTEST_RUN, RUN / run.size()));
    }

    private synchronized void over(List<Member> run, int steps) {
        run.forEach(member -> {
            member.made += steps;
            member.running = false;
        });
        notifyAll();
    }

    private synchronized void fail(List<Member> run, Throwable cause) {
        failure = cause;
        run.forEach(member -> member.running = false);
        notifyAll();
    }

    /** So many students at once. */
    private record Together(Arenas arenas, CardGraph step) implements AutoCloseable {
        @Override
        public void close() {
            step.close();
            arenas.close();
        }
    }

    /** A step of these students. */
    private CardGraph together(List<Member> run) {
        CardMemory[] arenas = run.stream().map(member -> member.arena).toArray(CardMemory[]::new);
        Together together = bySize.get(run.size());
        if (together == null) {
            together = record(new Arenas(card, stream, arenas));
            bySize.put(run.size(), together);
        } else {
            together.arenas.set(stream, arenas);
        }
        return together.step;
    }

    private Together record(Arenas arenas) {
        Work work = new Work(kernels, stream, arenas);
        try {
            return new Together(arenas, stream.record(() -> program.train(work)));
        } catch (RuntimeException | Error e) {
            arenas.close();
            throw e;
        }
    }

    private void free() {
        try {
            bySize.values().forEach(Together::close);
            stream.close();
        } catch (RuntimeException e) {
            LOG.warn("Something of the steps that are over stays on the card: {}", e.getMessage());
        }
    }

    /** Ends its thread; nobody takes part any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
