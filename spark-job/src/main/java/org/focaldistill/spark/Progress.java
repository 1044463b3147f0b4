package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.FSError;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.text.Durations;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the trainings of a run are: counts, images a second and time left, at the speed of the last minutes, so that
 * executors that come and go show.
 */
final class Progress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    static final Duration WINDOW = Duration.ofMinutes(3);
    private static final long TELL_SECONDS = 15;

    private final Console console;
    private final String what;
    private final Workload work;
    private final LongSupplier nanoTime;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final RecentRate images = new RecentRate(WINDOW);
    private final RecentRate speed = new RecentRate(WINDOW);
    private final ScheduledExecutorService ticker =
            Executors.newScheduledThreadPool(2, work -> new Thread(work, "progress"));

    /**
     * @param what is counted, e.g. {@code trials}
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    Progress(Console console, String what, Workload work, LongSupplier nanoTime) {
        this.console = console;
        this.what = what;
        this.work = work;
        this.nanoTime = nanoTime;
    }

    /** Comes from time to time to look how far they are. */
    interface Listener {
        void look(Progress progress) throws IOException;
    }

    /** One that is shown every second. */
    static Progress shown(Console console, String what, Workload work, Listener listener) {
        Progress progress = new Progress(console, what, work, System::nanoTime);
        // Telling has a thread of its own: a file server may be away.
        List<ScheduledFuture<?>> unused = List.of(
                progress.ticker.scheduleAtFixedRate(() -> console.state(progress.look()), 1, 1, TimeUnit.SECONDS),
                progress.ticker.scheduleWithFixedDelay(
                        () -> progress.tell(listener), TELL_SECONDS, TELL_SECONDS, TimeUnit.SECONDS));
        return progress;
    }

    private void tell(Listener listener) {
        try {
            listener.look(this);
        } catch (IOException | RuntimeException | FSError e) {
            LOG.debug("Cannot tell how long it will take: {}", Words.reason(e));
        }
    }

    void began() {
        running.incrementAndGet();
    }

    /** A leg of one begins, from that many completed epochs. */
    void leg(String id, int from) {
        boolean first = !work.begun();
        work.leg(id, from);
        if (first) {
            sample();
        }
    }

    /** A leg of one failed. */
    void lost(String id) {
        work.lost(id);
    }

    /** One has its outcome; one after the other, so that the counts are in order. */
    synchronized void ended(String id, String line) {
        work.over(id);
        running.decrementAndGet();
        int width = Integer.toString(work.trainings()).length();
        console.line(
                String.format(Locale.ROOT, "[%" + width + "d/%d] %s", done.incrementAndGet(), work.trainings(), line));
    }

    /** One will have none. */
    void failed(String id, String line) {
        work.over(id);
        running.decrementAndGet();
        failed.incrementAndGet();
        console.line(line);
    }

    /** Some that were to have none are tried again. */
    void again(List<String> ids) {
        ids.forEach(work::again);
        failed.addAndGet(-ids.size());
    }

    /** Looks at what was done, and says it in a line. */
    synchronized String look() {
        if (work.begun()) {
            sample();
        }
        Double left = secondsLeft();
        return String.format(
                Locale.ROOT,
                "%s: %d of %d done, %d running, %d failed | %.0f images/s | %s",
                what,
                done.get(),
                work.trainings(),
                running.get(),
                failed.get(),
                images.perSecond(),
                left == null ? "" : Durations.text(left) + " left");
    }

    private synchronized void sample() {
        long now = nanoTime.getAsLong();
        images.look(now, work.images());
        speed.look(now, work.done());
    }

    /** Null if nothing was trained lately. */
    synchronized @Nullable Double secondsLeft() {
        Pace pace = pace();
        return pace == null ? null : pace.secondsLeft();
    }

    /**
     * How fast they are.
     *
     * @param secondsLeft until all are done
     * @param multiplyAddsPerSecond of one among those that run
     */
    record Pace(double secondsLeft, double multiplyAddsPerSecond) {}

    /** Null if nothing was trained lately. */
    synchronized @Nullable Pace pace() {
        double rate = speed.perSecond();
        return rate > 0 ? new Pace(work.left() / rate, rate / Math.max(1, running.get())) : null;
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
