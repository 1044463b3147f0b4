package org.focaldistill.spark.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ends a run when the process is told to (Ctrl-C, SIGTERM): running legs save what their last completed epoch left, and
 * the run is over before the process is. Spark's own hook, which stops the application, comes later.
 */
public final class StopSwitch implements AutoCloseable {
    private static final int BEFORE_SPARK = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SparkCluster cluster;
    private final Console console;
    private final AtomicBoolean pulled = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Runnable hook = this::pullAndWait;

    /** Listens from now on. */
    public StopSwitch(SparkCluster cluster, Console console) {
        this.cluster = cluster;
        this.console = console;
        ShutdownHookManager.get().addShutdownHook(hook, BEFORE_SPARK);
    }

    /** Whether the run is to end, or has. */
    public boolean isPulled() {
        return pulled.get();
    }

    /** Stops the run, and says why; returns when its tasks have ended. */
    public void pull(String why) {
        pulled.set(true);
        console.line("Stopping: " + why);
        cluster.cancelAll(PATIENCE);
    }

    private void pullAndWait() {
        pull("running legs save their last completed epoch.");
        try {
            boolean unused = over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The run is over, stopped or not. */
    @Override
    public void close() {
        over.countDown();
        if (!ShutdownHookManager.get().isShutdownInProgress()) {
            boolean unused = ShutdownHookManager.get().removeShutdownHook(hook);
        }
    }
}
