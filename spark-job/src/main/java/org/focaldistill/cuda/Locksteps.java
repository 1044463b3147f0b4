package org.focaldistill.cuda;

import java.util.HashMap;
import java.util.Map;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.net.Network;

/** The locksteps of a card: one for each kind of student that is there. */
final class Locksteps {
    private final Card card;
    private final StepKernels kernels;
    private final Map<Kind, Shared> kinds = new HashMap<>();

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

    /** A student's; the last one that is closed ends the lockstep. */
    final class Place implements AutoCloseable {
        private final Kind kind;
        private final Shared shared;
        private boolean closed;

        private Place(Kind kind, Shared shared) {
            this.kind = kind;
            this.shared = shared;
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
