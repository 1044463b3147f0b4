package org.focaldistill.spark.cluster;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.focaldistill.text.Durations;

/**
 * Ends a run that has had no executor for so long that waiting may be in vain: whoever watches over it starts it anew, with
 * an application and executors of its own. Where Spark allocates executors itself it goes on asking for them, and the run
 * waits without end: a queue of others' work is no fault.
 */
public final class ExecutorPatience implements AutoCloseable {
    private final BooleanSupplier there;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Consumer<String> end;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "executor-patience");
        thread.setDaemon(true);
        return thread;
    });
    private long lastThere;
    private boolean ended;

    ExecutorPatience(BooleanSupplier there, Duration patience, LongSupplier nanos, Consumer<String> end) {
        this.there = there;
        this.patience = patience;
        this.nanos = nanos;
        this.end = end;
        this.lastThere = nanos.getAsLong();
    }

    /**
     * Looks from now on.
     *
     * @param patience how long the run may have no executor that can be used; zero: without end
     */
    public static ExecutorPatience begin(SparkCluster cluster, Duration patience, StopSwitch stop) {
        ExecutorPatience begun =
                new ExecutorPatience(cluster::hasSlots, patience, System::nanoTime, stop::pullUntilLater);
        if (!patience.isZero()) {
            var unused = begun.ticker.scheduleWithFixedDelay(begun::look, 1, 1, TimeUnit.SECONDS);
        }
        return begun;
    }

    void look() {
        long now = nanos.getAsLong();
        if (there.getAsBoolean()) {
            lastThere = now;
        } else if (!ended && now - lastThere >= patience.toNanos()) {
            ended = true;
            end.accept("For " + Durations.text(patience.toSeconds())
                    + " no executor was there that can be used (run.executorWaitMinutes): they were lost or preempted"
                    + " and no others came, end at their start, for which see their logs, are refused with the reason"
                    + " above, or the cluster has no place for them");
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
