package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.slots.SlotNews;
import org.focaldistill.store.DriverNote;
import org.focaldistill.store.Lease;
import org.focaldistill.store.RunSlots;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.text.Durations;
import org.focaldistill.text.Secrets;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says on the console, in the event log and beside the lease what happens to the slots of a sweep. */
final class SlotReporter implements SlotNews, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlotReporter.class);

    private final SparkCluster cluster;
    private final Console console;
    private final Consumer<SweepEvent> events;
    private final DriverNote<RunSlots> note;
    private final Lease lease;

    /** @param lease of the results */
    SlotReporter(SparkCluster cluster, Console console, Consumer<SweepEvent> events, Path results, Lease lease)
            throws IOException {
        this.cluster = cluster;
        this.console = console;
        this.events = events;
        this.note = DriverNote.ofSlots(cluster.hadoopConfiguration(), results);
        this.lease = lease;
    }

    /** Says now and from now on. */
    void begin() {
        cluster.follow(this);
        note();
    }

    /** Says nothing any more. */
    @Override
    public void close() {
        cluster.unfollow();
    }

    @Override
    public void came(String executor, String host, int slots) {
        say(
                "Executor " + executor + " on " + host + " has come: " + Words.count(slots, "slot"),
                new SweepEvent.ExecutorCame(executor, host, slots));
    }

    @Override
    public void lost(String executor, String host, String reason, int slots) {
        say(
                "Executor " + executor + " on " + host + " is gone (" + firstLine(reason) + "): "
                        + (slots == 0 ? "no slot is left, waiting for others" : Words.count(slots, "slot")),
                new SweepEvent.ExecutorLost(executor, host, firstLine(reason), slots));
    }

    @Override
    public void unusable(String executor, String host, String why) {
        say(
                "Executor " + executor + " on " + host + " gets no trial: " + why,
                new SweepEvent.ExecutorUnusable(executor, host, why));
    }

    @Override
    public void barred(String place, int failures, Duration pause, String reason) {
        double seconds = pause.toMillis() / 1e3;
        say(
                "The " + place + " gets no trial for " + Durations.text(seconds) + ": " + failures
                        + " in a row have failed there, the last one by: " + reason,
                new SweepEvent.ExecutorKept(place, failures, reason, seconds));
    }

    @Override
    public void allFail() {
        say("All executors fail, so none of them is kept from trials", new SweepEvent.ExecutorsAllFail());
    }

    @Override
    public void trusted(String place) {
        say("The " + place + " works again", new SweepEvent.ExecutorTrusted(place));
    }

    private static String firstLine(String reason) {
        return reason.lines().findFirst().orElse("").strip();
    }

    private void say(String line, SweepEvent event) {
        console.line(Secrets.hidden(line));
        events.accept(event);
        note();
    }

    private void note() {
        List<RunSlots.Kept> kept = cluster.kept().stream()
                .map(each -> new RunSlots.Kept(each.place(), Secrets.hidden(each.reason()), millis(each.until())))
                .toList();
        try {
            note.write(new RunSlots(lease.id(), cluster.slots(), kept), lease);
        } catch (IOException e) {
            // Only status asks for it.
            LOG.warn("Cannot leave word of the slots for status: {}", Words.reason(e));
        }
    }

    private static @Nullable Long millis(@Nullable Instant until) {
        return until == null ? null : until.toEpochMilli();
    }
}
