package org.focaldistill.cuda.driver;

/** A piece of a card's memory. */
public final class CardMemory implements AutoCloseable {
    private final Card card;
    private final long address;
    private final long bytes;
    private boolean closed;

    CardMemory(Card card, long address, long bytes) {
        this.card = card;
        this.address = address;
        this.bytes = bytes;
    }

    /** What kernels are given. */
    public long address() {
        return address;
    }

    /** How large it is. */
    public long bytes() {
        return bytes;
    }

    /** @throws IndexOutOfBoundsException if these bytes are not in it */
    long addressOf(long offset, long length) {
        if (offset < 0 || length < 0 || offset + length > bytes) {
            throw new IndexOutOfBoundsException(
                    length + " bytes from " + offset + " are not within " + bytes + " bytes of the card");
        }
        return address + offset;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            card.giveBack(driver -> driver.cuMemFree_v2(address), "free " + bytes + " bytes");
        }
    }
}
