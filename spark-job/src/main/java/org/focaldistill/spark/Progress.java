package org.focaldistill.spark;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.text.Durations;

/** How far the trainings of a run are: counts, images a second and time left, shown every second. */
final class Progress implements AutoCloseable {
    private final Console console;
    private final String what;
    private final int total;
    private final LongSupplier trainedImages;
    private final long imagesBefore;
    private final long start = System.nanoTime();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicLong imagesToTrain;
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "progress"));

    /**
     * @param what is counted, e.g. {@code trials}
     * @param total how many there are
     * @param imagesToTrain in all of them
     * @param trainedImages how many have been
     */
    Progress(Console console, String what, int total, long imagesToTrain, LongSupplier trainedImages) {
        this.console = console;
        this.what = what;
        this.total = total;
        this.imagesToTrain = new AtomicLong(imagesToTrain);
        this.trainedImages = trainedImages;
        this.imagesBefore = trainedImages.getAsLong();
        ScheduledFuture<?> unused = ticker.scheduleAtFixedRate(this::show, 1, 1, TimeUnit.SECONDS);
    }

    void began() {
        running.incrementAndGet();
    }

    /** Some images need not be trained after all: an earlier run did, or the training ended early. */
    void spare(long images) {
        imagesToTrain.addAndGet(-images);
    }

    /** One has its outcome; one after the other, so that the counts are in order. */
    synchronized void ended(String line) {
        running.decrementAndGet();
        int width = Integer.toString(total).length();
        console.line(String.format(Locale.ROOT, "[%" + width + "d/%d] %s", done.incrementAndGet(), total, line));
    }

    /** One will have none. */
    void failed(String line) {
        running.decrementAndGet();
        failed.incrementAndGet();
        console.line(line);
    }

    /** So many that were to have none are tried again. */
    void backAgain(int several) {
        failed.addAndGet(-several);
    }

    private void show() {
        console.state(text());
    }

    private String text() {
        double seconds = (System.nanoTime() - start) / 1e9;
        long images = trainedImages.getAsLong() - imagesBefore;
        double rate = images / seconds;
        String left = rate > 0 ? Durations.text((imagesToTrain.get() - images) / rate) + " left" : "";
        return String.format(
                Locale.ROOT,
                "%s: %d of %d done, %d running, %d failed | %.0f images/s | %s",
                what,
                done.get(),
                total,
                running.get(),
                failed.get(),
                rate,
                left);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
