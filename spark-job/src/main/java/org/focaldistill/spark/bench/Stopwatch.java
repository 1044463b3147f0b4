package org.focaldistill.spark.bench;

import java.io.IOException;
import java.io.Serializable;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.focaldistill.train.TrialTrainer;

/**
 * Counts images between two points in time that all slots share, so that each is measured while the others are at work
 * too, and lets the work go on a little longer than that. On a machine that has not ended two batches by then, until it has.
 */
final class Stopwatch implements TrialTrainer.LegControl {
    private static final long AFTERWARDS_MILLIS = 1500;
    /** How long two batches are waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final long fromMillis;
    private final long toMillis;
    private final LongSupplier compiledMillis;
    private final LongSupplier clock;
    private long firstNanos;
    private long lastNanos;
    private long firstCompiled;
    private long lastCompiled;
    private long images;
    private boolean hadABatchBefore;
    private long firstMillis;

    /**
     * @param fromMillis when to begin counting, in milliseconds since 1970
     * @param toMillis when to end
     */
    Stopwatch(long fromMillis, long toMillis) {
        this(fromMillis, toMillis, Stopwatch::compiledMillis, System::currentTimeMillis);
    }

    /**
     * @param compiledMillis how long this process compiled Java so far, in milliseconds
     * @param clock milliseconds since 1970
     */
    Stopwatch(long fromMillis, long toMillis, LongSupplier compiledMillis, LongSupplier clock) {
        this.fromMillis = fromMillis;
        this.toMillis = toMillis;
        this.compiledMillis = compiledMillis;
        this.clock = clock;
    }

    @Override
    public boolean stopRequested() {
        long now = clock.getAsLong();
        return now > toMillis + AFTERWARDS_MILLIS && (images > 0 || now > fromMillis + PATIENCE.toMillis());
    }

    @Override
    public void trained(int batch) {
        long now = clock.getAsLong();
        hadABatchBefore |= now < fromMillis;
        if (now < fromMillis || (now > toMillis && images > 0)) {
            return;
        }
        lastNanos = System.nanoTime();
        lastCompiled = compiledMillis.getAsLong();
        if (firstNanos == 0) {
            firstNanos = lastNanos;
            firstMillis = now;
            firstCompiled = lastCompiled;
        } else {
            images += batch;
        }
    }

    static long compiledMillis() {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        return compilers != null && compilers.isCompilationTimeMonitoringSupported()
                ? compilers.getTotalCompilationTime()
                : 0;
    }

    /**
     * What was seen from the end of the first batch in the time to the end of the last, of one slot or of several together.
     *
     * @param imagesPerSecond of one slot, or the sum of several
     * @param compiling the part of the time in which the process compiled Java as well, 1 for one compiler all the time
     * @param lateMillis how long after counting began a slot ended its very first batch; 0 if it had one before
     */
    record Reading(double imagesPerSecond, double compiling, long lateMillis) implements Serializable {}

    /** @throws IOException if there are no two batches to measure between, although they were waited for */
    Reading reading() throws IOException {
        if (images == 0) {
            throw new IOException("No two batches ended in " + PATIENCE.toMinutes()
                    + " min, which is the longest that is waited for: use a faster machine or a smaller network");
        }
        double seconds = (lastNanos - firstNanos) / 1e9;
        return new Reading(
                images / seconds,
                (lastCompiled - firstCompiled) / 1e3 / seconds,
                hadABatchBefore ? 0 : firstMillis - fromMillis);
    }
}
