package org.focaldistill.spark;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.function.Consumer;
import org.focaldistill.spark.cluster.TaskFailedException;
import org.focaldistill.store.DiskException;
import org.focaldistill.store.Lease;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.text.MachineName;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down how attempts at trials ended, and where. */
final class AttemptRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptRecorder.class);

    private final Consumer<SweepEvent> events;
    private final ResultStore store;
    private final Lease lease;

    AttemptRecorder(Consumer<SweepEvent> events, ResultStore store, Lease lease) {
        this.events = events;
        this.store = store;
        this.lease = lease;
    }

    /**
     * Writes one down.
     *
     * @param last how its last leg ended; null if none has
     * @param error what broke; null if nothing did
     */
    void record(
            String trialId,
            int attempt,
            Instant startedAt,
            AttemptRow.End end,
            @Nullable LegReport last,
            @Nullable Throwable error) {
        String reason = error == null ? null : DiskException.sentence(error);
        events.accept(new SweepEvent.AttemptEnded(trialId, attempt, end, reason));
        try {
            lease.requireHeld();
            store.recordAttempt(new AttemptRow(
                    trialId,
                    attempt,
                    host(last, error),
                    device(last, error),
                    startedAt,
                    Instant.now(),
                    end,
                    error == null ? null : stackOf(error)));
        } catch (IOException e) {
            // The trial's own outcome is what counts, and is written elsewhere.
            LOG.warn("Cannot record attempt {} at trial {}: {}", attempt, trialId, Words.reason(e));
            LOG.debug("Cannot record attempt {} at trial {}", attempt, trialId, e);
        }
    }

    private static String host(@Nullable LegReport last, @Nullable Throwable error) {
        if (error == null) {
            return last == null ? "" : last.host();
        }
        TaskFailedException inTask = TaskFailedException.in(error);
        return inTask == null ? MachineName.get() : inTask.host();
    }

    /** None where it failed in the driver. */
    private static String device(@Nullable LegReport last, @Nullable Throwable error) {
        if (error == null) {
            return last == null ? "" : last.device();
        }
        TaskFailedException inTask = TaskFailedException.in(error);
        return inTask == null ? "" : inTask.device();
    }

    private static String stackOf(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
