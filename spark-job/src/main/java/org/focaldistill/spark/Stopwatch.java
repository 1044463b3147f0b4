package org.focaldistill.spark;

import org.focaldistill.train.TrialTrainer;

/**
 * Counts images between two points in time that all slots share, so that each is measured while the others are at work
 * too, and lets the work go on a little longer than that.
 */
final class Stopwatch implements TrialTrainer.LegControl {
    private static final long AFTERWARDS_MILLIS = 1500;

    private final long fromMillis;
    private final long toMillis;
    private long firstNanos;
    private long lastNanos;
    private long images;

    /**
     * @param fromMillis when to begin counting, in milliseconds since 1970
     * @param toMillis when to end
     */
    Stopwatch(long fromMillis, long toMillis) {
        this.fromMillis = fromMillis;
        this.toMillis = toMillis;
    }

    @Override
    public boolean stopRequested() {
        return System.currentTimeMillis() > toMillis + AFTERWARDS_MILLIS;
    }

    @Override
    public void trained(int batch) {
        long now = System.currentTimeMillis();
        if (now < fromMillis || now > toMillis) {
            return;
        }
        lastNanos = System.nanoTime();
        if (firstNanos == 0) {
            firstNanos = lastNanos;
        } else {
            images += batch;
        }
    }

    /** Images a second, from the end of the first batch in the time to the end of the last. */
    double imagesPerSecond() {
        if (images == 0) {
            throw new IllegalStateException(
                    "No two batches ended in " + (toMillis - fromMillis) + " ms: measure for longer, --seconds");
        }
        return images / ((lastNanos - firstNanos) / 1e9);
    }
}
