package org.focaldistill.cuda.driver;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** Recorded work, which is launched as a whole: many kernels at the price of one. */
public final class CardGraph implements AutoCloseable {
    private final Card card;
    private final Pointer executable;
    private boolean closed;

    private CardGraph(Card card, Pointer executable) {
        this.card = card;
        this.executable = executable;
    }

    static CardGraph of(Card card, Pointer recorded) {
        PointerByReference executable = new PointerByReference();
        try {
            card.call(driver -> driver.cuGraphInstantiate_v2(executable, recorded, null, null, 0), "prepare a graph");
        } finally {
            card.giveBack(driver -> driver.cuGraphDestroy(recorded), "free a record");
        }
        return new CardGraph(card, executable.getValue());
    }

    Pointer executable() {
        return executable;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            card.giveBack(driver -> driver.cuGraphExecDestroy(executable), "free a graph");
        }
    }
}
