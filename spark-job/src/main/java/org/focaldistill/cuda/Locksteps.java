package org.focaldistill.cuda;

import java.util.HashMap;
import java.util.Map;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.net.Network;

/** The locksteps of a card: one for each kind of student that is there. */
final class Locksteps {
    private static final long PATIENCE_MILLIS = 1000;

    private final Card card;
    private final StepKernels kernels;
    private final Map<Kind, Shared> kinds = new HashMap<>();
    private int students;
    private long left;

    /** Students of one kind make their steps together. */
    private record Kind(Network network, int batchSize, int steps, Numerics numerics) {}

    private static final class Shared {
        private final Lockstep lockstep;
        private int places;

        private Shared(Lockstep lockstep) {
            this.lockstep = lockstep;
        }
    }

    Locksteps(Card card, StepKernels kernels) {
        this.card = card;
        this.kernels = kernels;
    }

    /**
     * A place for a student.
     *
     * @param steps of an epoch
     */
    synchronized Place place(Network network, int batchSize, int steps, Numerics numerics) {
        Kind kind = new Kind(network, batchSize, steps, numerics);
        Shared shared = kinds.get(kind);
        if (shared == null || shared.lockstep.hasFailed()) {
            Program program = Program.training(network, batchSize, steps, numerics);
            shared = new Shared(new Lockstep(card, kernels, program));
            kinds.put(kind, shared);
        }
        shared.places++;
        return new Place(kind, shared);
    }

    /** How many students have left so far. */
    synchronized long left() {
        return left;
    }

    /**
     * Waits a while for a student to leave the card that has no room for another.
     *
     * @param known how many had left when there was no room
     * @return whether it is worth another try: false if there is no other student whose room could become free
     */
    synchronized boolean awaitRoom(long known) {
        if (left == known && students == 0) {
            return false;
        }
        try {
            if (left == known) {
                wait(PATIENCE_MILLIS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A student's; the last one that is closed ends the lockstep. */
    final class Place implements AutoCloseable {
        private final Kind kind;
        private final Shared shared;
        private boolean occupied;
        private boolean closed;

        private Place(Kind kind, Shared shared) {
            this.kind = kind;
            this.shared = shared;
        }

        /** Its student has room on the card, until this is closed. */
        void occupy() {
            synchronized (Locksteps.this) {
                occupied = true;
                students++;
            }
        }

        Lockstep lockstep() {
            return shared.lockstep;
        }

        @Override
        public void close() {
            synchronized (Locksteps.this) {
                if (closed) {
                    return;
                }
                closed = true;
                if (occupied) {
                    students--;
                    left++;
                    Locksteps.this.notifyAll();
                }
                shared.places--;
                if (shared.places > 0) {
                    return;
                }
                kinds.remove(kind, shared);
            }
            shared.lockstep.close();
        }
    }
}
