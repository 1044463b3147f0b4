package org.focaldistill.cuda;

import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CardStream;

/** The students that a launch works for: a table of where their arenas are, on the card. */
final class Arenas implements AutoCloseable {
    private final CardMemory table;
    private final int count;

    /** @param arenas one of each student, all of the same program */
    Arenas(Card card, CardStream stream, CardMemory... arenas) {
        count = arenas.length;
        table = card.allocate((long) Long.BYTES * count);
        set(stream, arenas);
    }

    /** Others, as many. */
    void set(CardStream stream, CardMemory... arenas) {
        if (arenas.length != count) {
            throw new IllegalArgumentException("The table is of " + count + " arenas, not of " + arenas.length);
        }
        long[] addresses = new long[count];
        for (int i = 0; i < count; i++) {
            addresses[i] = arenas[i].address();
        }
        stream.upload(addresses, table, 0);
    }

    long address() {
        return table.address();
    }

    /** How many students. */
    int count() {
        return count;
    }

    @Override
    public void close() {
        table.close();
    }
}
