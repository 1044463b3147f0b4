package org.focaldistill.spark.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.util.ShutdownHookManager;
import org.focaldistill.store.TryAgainException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run when the process is told to (see {@link StopSignals}): running legs save what their last completed epoch left,
 * and the run is over before the process is. Spark's own hook, which stops the application, comes later.
 */
public final class StopSwitch implements AutoCloseable {
    private static final int BEFORE_SPARK = 100;
    /** For tasks, to save. */
    private static final Duration SAVING = Duration.ofSeconds(60);
    /** For the driver, to write down how the run ended, and give the lease back. */
    private static final Duration ENDING = Duration.ofSeconds(30);

    private final SparkCluster cluster;
    private final Console console;
    private final AtomicBoolean pulled = new AtomicBoolean();
    /** Why the run is to end before its work is done, where the same command may succeed later. */
    private volatile @Nullable String untilLater;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Runnable hook = this::pullAndWait;

    /** Listens from now on. */
    public StopSwitch(SparkCluster cluster, Console console) {
        this.cluster = cluster;
        this.console = console;
        // Without a time of its own, a hook gets 30 s or what hadoop.service.shutdown.timeout says.
        ShutdownHookManager.get()
                .addShutdownHook(
                        hook, BEFORE_SPARK, SAVING.plus(ENDING.multipliedBy(2)).toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether the run was told to end. */
    public boolean isPulled() {
        return pulled.get();
    }

    /** Whether nothing more can be run: it was told to end, or Spark's application has ended by itself. */
    public boolean isOver() {
        return isPulled() || cluster.hasEnded();
    }

    /**
     * Comes when work is left.
     *
     * @param left what is, and what to do, a sentence
     * @throws TryAgainException if that is because Spark's application has ended by itself, or has no executors
     */
    public void requireApplication(String left) throws TryAgainException {
        if (untilLater != null) {
            throw new TryAgainException(untilLater + ". " + left);
        }
        if (!isPulled() && cluster.hasEnded()) {
            throw new TryAgainException(EndedApplication.SENTENCE + ". " + left);
        }
    }

    /** Stops the run, and says why; returns when its tasks have ended. */
    public void pull(String why) {
        pulled.set(true);
        console.line("Stopping: " + why);
        cluster.cancelAll(SAVING);
    }

    /** Stops the run, which the same command may go on with later. */
    public void pullUntilLater(String why) {
        untilLater = why;
        pull(why);
    }

    private void pullAndWait() {
        pull(
                "running legs save their last completed epoch, for up to a minute. Ctrl-C again ends at once and loses what"
                        + " is newer than the last checkpoints.");
        try {
            boolean unused = over.await(ENDING.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What waits, when it is closed, until the tasks of a run that was stopped have saved. */
    public interface Saving extends AutoCloseable {
        @Override
        void close();
    }

    /** To be closed before the lease is given back and Spark stopped: jobs are over before their cancelled tasks are. */
    public Saving saving() {
        return () -> {
            if (isPulled()) {
                cluster.awaitTasks(SAVING);
            }
        };
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
