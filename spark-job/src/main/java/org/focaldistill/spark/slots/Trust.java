package org.focaldistill.spark.slots;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * What failures in a row say of the place where they happened. One work that fails may be to blame itself; a second one
 * that fails there too makes the place suspect. A suspect place gets nothing for a while, longer after every further
 * failure, and then one work at a time, until one succeeds.
 */
final class Trust {
    private static final int SUSPECT = 2;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final int GROWTH = 4;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Set<String> failed = new HashSet<>();
    private int pauses;
    private long barredUntil;
    private String lastReason = "";

    /**
     * A work failed here.
     *
     * @param enough how many different ones make the place suspect, at least 2
     * @return whether the place gets nothing for a while from now on
     */
    boolean failed(String work, String reason, int enough, long now) {
        failed.add(work);
        lastReason = reason;
        // What was running together when the place broke fails together: the pause grows once.
        boolean another = isSuspect() ? !isBarred(now) : failed.size() >= Math.max(SUSPECT, enough);
        if (another) {
            barredUntil = now + pause(pauses++).toNanos();
        }
        return another;
    }

    private static Duration pause(int before) {
        Duration pause = FIRST_PAUSE;
        for (int i = 0; i < before && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(GROWTH);
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** A work succeeded here; returns whether the place was suspect. */
    boolean succeeded() {
        boolean was = isSuspect();
        failed.clear();
        pauses = 0;
        return was;
    }

    /** Whether it has been barred, and nothing has succeeded since. */
    boolean isSuspect() {
        return pauses > 0;
    }

    boolean isBarred(long now) {
        return isSuspect() && now - barredUntil < 0;
    }

    /** How much longer it gets nothing. */
    Duration left(long now) {
        return isBarred(now) ? Duration.ofNanos(barredUntil - now) : Duration.ZERO;
    }

    /** Different works that have failed here in a row. */
    int failures() {
        return failed.size();
    }

    String lastReason() {
        return lastReason;
    }
}
