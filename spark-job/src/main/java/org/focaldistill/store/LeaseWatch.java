package org.focaldistill.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.focaldistill.text.Durations;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a lease's holder lives: whether its stamp moves while it is watched. What the stamp says is the time of
 * another machine's clock, which may be hours off, and is compared with nothing but itself. Of a process of this host it is
 * known without watching.
 */
final class LeaseWatch {
    private static final int LOOKS = 40;
    /** Who waits longer is told why. */
    private static final int LOOKS_UNTOLD = 2;

    private final LeaseFile file;
    private final Lease.Holder here;
    private final Duration time;
    private final Consumer<String> say;

    /**
     * A watch.
     *
     * @param here this process, as a holder
     * @param time how long a stamp may stand still
     * @param say told what is watched, and for how long, where that takes more than a moment
     */
    LeaseWatch(LeaseFile file, Lease.Holder here, Duration time, Consumer<String> say) {
        this.file = file;
        this.here = here;
        this.time = time;
        this.say = say;
    }

    /**
     * What was seen.
     *
     * @param holder who the lease names; null if there is none
     * @param alive whether it does renew it, or will
     */
    record Sight(Lease.@Nullable Holder holder, boolean alive) {}

    /**
     * Watches until the stamp has moved, the lease is gone, or more is known of its holder. It is looks that are counted, not
     * time: while the file system does not answer, or this machine sleeps, nobody can renew.
     */
    Sight watch() throws IOException {
        Lease.Holder first = file.read();
        for (int look = 0; look < LOOKS; look++) {
            if (first == null || first.isGone(here)) {
                return new Sight(first, false);
            }
            if (first.isHere(here)) {
                return new Sight(first, true);
            }
            if (look == LOOKS_UNTOLD) {
                say.accept(file.folder() + " is held by " + first.text() + "; watching whether it is alive, for up to "
                        + Durations.text(time.toSeconds()));
            }
            pause();
            Lease.Holder now = file.read();
            if (now != null && !now.equals(first)) {
                return new Sight(now, true);
            }
            first = now;
        }
        return new Sight(first, false);
    }

    /** The time between two looks. */
    void pause() throws IOException {
        try {
            Thread.sleep(time.dividedBy(LOOKS).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while a lease was watched");
        }
    }
}
