package org.focaldistill.cuda;

/** Hands out the places in an arena, one behind the other, each at the begin of a line of the card's memory. */
final class ArenaLayout {
    private static final int LINE = 256;

    private long end = Head.BYTES;

    /** The offset of room for so many floats. */
    long floats(long count) {
        return bytes(count * Float.BYTES);
    }

    /** The offset of so many bytes. */
    long bytes(long count) {
        long offset = (end + LINE - 1) / LINE * LINE;
        end = offset + count;
        return offset;
    }

    /** How large the arena is so far. */
    long size() {
        return end;
    }
}
