package org.focaldistill.nn.backend;

import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets students into a process as long as there is memory for them, as the operating system gives what there is not, and then
 * ends the process with all that it trains. By {@link NativeNeeds}: nothing counts what ND4J allocates.
 *
 * <p>Students alone are counted: neither teachers, be it online or while they fill a bank, nor the workers of a trial that
 * several slots train, which keep their networks from round to round.
 */
public final class NativeRoom {
    /** The one that students of this process share. */
    public static final NativeRoom OF_THIS_PROCESS = new NativeRoom(NativeLimit.bytes() - NativeNeeds.OF_PROCESS);

    private static final Logger LOG = LoggerFactory.getLogger(NativeRoom.class);
    private static final long LOOK_MILLIS = 200;

    private final long limit;
    private long taken;
    private int students;

    /** @param limit bytes for all */
    NativeRoom(long limit) {
        this.limit = limit;
    }

    /** What one student has. */
    public interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes room, waiting until others have given theirs back. One that needs about all has it alone.
     *
     * @param who for messages
     * @param stopped whether to wait no more
     * @throws NativeMemoryException if there is not so much at all
     * @throws CancellationException if stopped while it waits
     */
    public Share take(long bytes, String who, BooleanSupplier stopped) {
        if (NativeNeeds.surelyTooMuch(bytes, limit)) {
            throw new NativeMemoryException("There is no memory for " + who + ": it takes about " + mebibytes(bytes)
                    + " outside the Java heap, and this process has " + mebibytes(Math.max(0, limit))
                    + " for all that it trains. " + NativeMemoryException.REMEDY);
        }
        enter(bytes, who, stopped);
        return new Share() {
            private boolean given;

            @Override
            public void close() {
                if (!given) {
                    given = true;
                    leave(bytes);
                }
            }
        };
    }

    private synchronized void enter(long bytes, String who, BooleanSupplier stopped) {
        boolean told = false;
        while (taken > 0 && taken + bytes > limit) {
            if (!told) {
                LOG.warn(
                        "{} waits for memory: it takes about {}, and others have {} of {} MiB. {}",
                        who,
                        mebibytes(bytes),
                        taken >> 20,
                        limit >> 20,
                        NativeMemoryException.REMEDY);
                told = true;
            }
            if (stopped.getAsBoolean()) {
                throw new CancellationException("Stopped while " + who + " waited for memory");
            }
            pause();
        }
        taken += bytes;
        students++;
    }

    private void pause() {
        try {
            wait(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while waiting for memory");
        }
    }

    synchronized int students() {
        return students;
    }

    private synchronized void leave(long bytes) {
        taken -= bytes;
        students--;
        notifyAll();
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%d MiB", bytes >> 20);
    }
}
