package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.FSError;
import org.focaldistill.spark.gpu.SlotPlace;
import org.focaldistill.store.DiskException;
import org.focaldistill.store.OpenEpochs;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.Trial;
import org.focaldistill.train.EpochResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets others see a trial's epochs while a leg of it trains: now and then, and where the leg ends. Training neither waits
 * for that, as a file server may be away, nor fails with it.
 */
final class OpenCourse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenCourse.class);
    /** An epoch of a small network takes less than a file. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final OpenEpochs table;
    private final Trial trial;
    private final int attempt;
    private final SlotPlace place;
    private final LongSupplier nanoTime;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(OpenCourse::daemon);
    private long lastBegun;
    private int begun;
    private @Nullable Future<?> last;

    /** @param attempt 1-based try at the trial */
    OpenCourse(OpenEpochs table, Trial trial, int attempt, SlotPlace place) {
        this(table, trial, attempt, place, System::nanoTime);
    }

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    OpenCourse(OpenEpochs table, Trial trial, int attempt, SlotPlace place, LongSupplier nanoTime) {
        this.table = table;
        this.trial = trial;
        this.attempt = attempt;
        this.place = place;
        this.nanoTime = nanoTime;
        this.lastBegun = nanoTime.getAsLong();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "open epochs");
        thread.setDaemon(true);
        return thread;
    }

    /** One more epoch is complete; returns at once. */
    void completed(List<EpochResult> history) {
        boolean busy = last != null && !last.isDone();
        if (!busy && nanoTime.getAsLong() - lastBegun >= PAUSE.toNanos()) {
            begin(history);
        }
    }

    /** The leg has ended with epochs to come; returns when they can be seen, or can not be. */
    void left(List<EpochResult> history) {
        if (!history.isEmpty() && history.size() != begun) {
            begin(history);
        }
        try {
            if (last != null) {
                Object unused = last.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Epochs could not be written", e.getCause());
        }
    }

    private void begin(List<EpochResult> history) {
        lastBegun = nanoTime.getAsLong();
        begun = history.size();
        last = writer.submit(() -> write(history));
    }

    private void write(List<EpochResult> history) {
        Instant now = Instant.now();
        List<EpochRow> epochs = OutcomeRows.epochs(trial.id(), history);
        try {
            table.write(epochs.stream()
                    .map(epoch -> new OpenEpochRow(trial, attempt, place.host(), place.device(), now, epoch))
                    .toList());
        } catch (IOException | RuntimeException | FSError e) {
            LOG.warn("Cannot show the epochs of trial {}, which goes on: {}", trial.id(), DiskException.sentence(e));
        }
    }

    /** Waits a while for what is being written, so that it does not come after the trial's outcome. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                List<Runnable> unused = writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            List<Runnable> unused = writer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
