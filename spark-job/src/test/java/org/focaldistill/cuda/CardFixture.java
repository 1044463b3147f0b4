package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CardStream;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.cuda.driver.StandIn;

/** A card, and a stream on it, on which nothing may be left. */
final class CardFixture implements AutoCloseable {
    final Card card;
    final CardStream stream;
    private final long freeBefore;

    CardFixture() throws NoCardException {
        card = StandIn.card();
        freeBefore = card.freeMemory();
        stream = card.stream();
    }

    CardMemory of(float... values) {
        CardMemory memory = card.allocate((long) values.length * Float.BYTES);
        stream.upload(values, memory, 0);
        return memory;
    }

    CardMemory of(int... values) {
        CardMemory memory = card.allocate((long) values.length * Integer.BYTES);
        stream.upload(values, memory, 0);
        return memory;
    }

    CardMemory of(byte... values) {
        CardMemory memory = card.allocate(values.length);
        stream.upload(values, memory, 0);
        return memory;
    }

    @Override
    public void close() {
        stream.close();
        assertThat(card.freeMemory()).isEqualTo(freeBefore);
        card.close();
    }
}
