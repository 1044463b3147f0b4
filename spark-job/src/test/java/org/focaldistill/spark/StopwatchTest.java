package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    private static final int BATCH = 64;

    @Test
    void theFirstBatchInTheTimeOnlyBeginsIt() throws InterruptedException {
        Stopwatch watch = fromNow(60_000);
        long start = System.nanoTime();
        watch.trained(BATCH);
        Thread.sleep(100);
        watch.trained(BATCH);
        double seconds = (System.nanoTime() - start) / 1e9;

        assertThat(watch.reading().imagesPerSecond()).isBetween(BATCH / seconds, BATCH / 0.1);
    }

    @Test
    void compilersAreSeenAtWork() {
        Stopwatch watch = fromNow(60_000);
        watch.trained(BATCH);
        int length = 0;
        for (int i = 0; i < 20_000; i++) {
            length += String.format("%s of %d, %.2f", watch, i, i / 3.0).length();
        }
        watch.trained(BATCH);

        assertThat(length).isPositive();
        assertThat(watch.reading().compiling())
                .isPositive()
                .isLessThan(2 * Runtime.getRuntime().availableProcessors());
    }

    @Test
    void batchesBeforeAndAfterTheTimeDoNotCount() {
        long now = System.currentTimeMillis();
        Stopwatch early = new Stopwatch(now + 60_000, now + 61_000);
        Stopwatch late = new Stopwatch(now - 61_000, now - 60_000);
        for (Stopwatch watch : List.of(early, late)) {
            watch.trained(BATCH);
            watch.trained(BATCH);

            assertThatThrownBy(watch::reading)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("No two batches ended in 1000 ms: measure for longer, --seconds");
        }
    }

    @Test
    void workGoesOnAfterTheTimeUntilOtherSlotsHaveMeasuredToo() {
        long now = System.currentTimeMillis();

        assertThat(new Stopwatch(now - 1000, now - 500).stopRequested()).isFalse();
        assertThat(new Stopwatch(now - 10_000, now - 9_000).stopRequested()).isTrue();
    }

    private static Stopwatch fromNow(long millis) {
        long now = System.currentTimeMillis();
        return new Stopwatch(now, now + millis);
    }
}
