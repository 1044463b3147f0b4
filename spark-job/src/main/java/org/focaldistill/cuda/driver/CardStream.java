package org.focaldistill.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * Work that a card does in the order it is given. An error of the card may come to light at any later call. Belongs to one
 * thread at a time.
 */
public final class CardStream implements AutoCloseable {
    /** Other threads may go on calling the driver meanwhile. */
    private static final int CAPTURE_THIS_THREAD = 1;

    private final Card card;
    private final Pointer stream;
    private boolean closed;

    CardStream(Card card, Pointer stream) {
        this.card = card;
        this.stream = stream;
    }

    /** Copies to the card, and waits until it is there. */
    public void upload(byte[] from, CardMemory to, long offset) {
        try (Memory bytes = new Memory(Math.max(1, from.length))) {
            bytes.write(0, from, 0, from.length);
            copyTo(to.addressOf(offset, from.length), bytes, from.length);
        }
    }

    /** Copies to the card, and waits until it is there. */
    public void upload(float[] from, CardMemory to, long offset) {
        long length = (long) from.length * Float.BYTES;
        try (Memory bytes = new Memory(Math.max(1, length))) {
            bytes.write(0, from, 0, from.length);
            copyTo(to.addressOf(offset, length), bytes, length);
        }
    }

    /** Copies to the card, and waits until it is there. */
    public void upload(short[] from, CardMemory to, long offset) {
        long length = (long) from.length * Short.BYTES;
        try (Memory bytes = new Memory(Math.max(1, length))) {
            bytes.write(0, from, 0, from.length);
            copyTo(to.addressOf(offset, length), bytes, length);
        }
    }

    /** Copies to the card, and waits until it is there. */
    public void upload(int[] from, CardMemory to, long offset) {
        long length = (long) from.length * Integer.BYTES;
        try (Memory bytes = new Memory(Math.max(1, length))) {
            bytes.write(0, from, 0, from.length);
            copyTo(to.addressOf(offset, length), bytes, length);
        }
    }

    /** Copies to the card, and waits until it is there. */
    public void upload(long[] from, CardMemory to, long offset) {
        long length = (long) from.length * Long.BYTES;
        try (Memory bytes = new Memory(Math.max(1, length))) {
            bytes.write(0, from, 0, from.length);
            copyTo(to.addressOf(offset, length), bytes, length);
        }
    }

    private void copyTo(long address, Memory from, long length) {
        if (length > 0) {
            card.call(
                    driver -> driver.cuMemcpyHtoDAsync_v2(address, from, length, stream), "copy " + length + " bytes");
            await();
        }
    }

    /** Copies floats from the card, when all work before is done. */
    public float[] floats(CardMemory from, long offset, int count) {
        try (Memory bytes = download(from, offset, (long) count * Float.BYTES)) {
            return bytes.getFloatArray(0, count);
        }
    }

    /** Copies integers from the card, when all work before is done. */
    public int[] ints(CardMemory from, long offset, int count) {
        try (Memory bytes = download(from, offset, (long) count * Integer.BYTES)) {
            return bytes.getIntArray(0, count);
        }
    }

    private Memory download(CardMemory from, long offset, long length) {
        Memory bytes = new Memory(Math.max(1, length));
        if (length > 0) {
            long address = from.addressOf(offset, length);
            card.call(
                    driver -> driver.cuMemcpyDtoHAsync_v2(bytes, address, length, stream),
                    "copy " + length + " bytes back");
            await();
        }
        return bytes;
    }

    /** Sets bytes to 0. */
    public void clear(CardMemory memory, long offset, long length) {
        long address = memory.addressOf(offset, length);
        card.call(driver -> driver.cuMemsetD8Async(address, (byte) 0, length, stream), "clear " + length + " bytes");
    }

    /**
     * Launches a kernel.
     *
     * @param threads of each block
     * @param arguments a {@code long} for addresses and numbers of 8 bytes, an {@code int} or a {@code float}
     */
    public void launch(Kernel kernel, Kernel.Grid grid, int threads, Object... arguments) {
        try (Memory packed = kernel.packed(arguments)) {
            card.call(
                    driver -> driver.cuLaunchKernel(
                            kernel.function(), grid.x(), grid.y(), grid.z(), threads, 1, 1, 0, stream, packed, null),
                    "launch " + kernel.name());
        }
    }

    /** Records the work that is given to this stream meanwhile, none of which is done yet. */
    public CardGraph record(Runnable work) {
        card.call(driver -> driver.cuStreamBeginCapture_v2(stream, CAPTURE_THIS_THREAD), "record a graph");
        PointerByReference graph = new PointerByReference();
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            // A capture that is not ended would take in all that comes later.
            try {
                end(graph);
                card.giveBack(driver -> driver.cuGraphDestroy(graph.getValue()), "free a record");
            } catch (CudaException ended) {
                e.addSuppressed(ended);
            }
            throw e;
        }
        end(graph);
        return CardGraph.of(card, graph.getValue());
    }

    private void end(PointerByReference graph) {
        card.call(driver -> driver.cuStreamEndCapture(stream, graph), "end a graph");
    }

    /** Does what was recorded. */
    public void launch(CardGraph graph) {
        card.call(driver -> driver.cuGraphLaunch(graph.executable(), stream), "launch a graph");
    }

    /** Waits for all work. */
    public void await() {
        card.call(driver -> driver.cuStreamSynchronize(stream), "do its work");
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            card.giveBack(driver -> driver.cuStreamDestroy_v2(stream), "end a stream");
        }
    }
}
