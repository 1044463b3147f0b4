package org.focaldistill.spark;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How fast a number has grown over the last while. It grows in jumps, heartbeats of executors, so time is taken from one
 * jump to another; only where none came for long does waiting count.
 */
final class RecentRate {
    /** More than from one heartbeat of an executor to the next. */
    private static final Duration USUAL_WAIT = Duration.ofSeconds(15);

    private final long length;
    private final Deque<Jump> jumps = new ArrayDeque<>();
    private long now;

    /** @param length of the while */
    RecentRate(Duration length) {
        this.length = length.toNanos();
    }

    private record Jump(long nanos, double value) {}

    /** Looks at the number, which is never less than before; the first time it begins to count. */
    void look(long nanos, double value) {
        now = nanos;
        if (jumps.isEmpty() || value > jumps.getLast().value()) {
            jumps.addLast(new Jump(nanos, value));
        }
        while (jumps.size() > 1 && second().nanos() <= now - length) {
            jumps.removeFirst();
        }
    }

    private Jump second() {
        Jump first = jumps.removeFirst();
        Jump second = jumps.getFirst();
        jumps.addFirst(first);
        return second;
    }

    /** Growth a second; 0 if there was none. */
    double perSecond() {
        if (jumps.size() < 2) {
            return 0;
        }
        Jump first = jumps.getFirst();
        Jump last = jumps.getLast();
        long until = now - last.nanos() <= USUAL_WAIT.toNanos() ? last.nanos() : now;
        return (last.value() - first.value()) / ((until - first.nanos()) / 1e9);
    }
}
