package org.focaldistill.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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
    void compilersCountBetweenTheSameBatches() throws InterruptedException {
        long now = System.currentTimeMillis();
        AtomicLong compiled = new AtomicLong(5000);
        Stopwatch watch = new Stopwatch(now, now + 60_000, compiled::get, System::currentTimeMillis);
        watch.trained(BATCH);
        compiled.addAndGet(30);
        Thread.sleep(100);
        watch.trained(BATCH);

        Stopwatch.Reading reading = watch.reading();
        double seconds = BATCH / reading.imagesPerSecond();
        assertThat(reading.compiling()).isCloseTo(0.03 / seconds, within(1e-9));
    }

    @Test
    void compilersOfThisProcessHaveWorked() {
        assertThat(Stopwatch.compiledMillis()).isPositive();
    }

    @Test
    void aSlotIsLateIfItHadNoBatchBeforeCountingBegan() {
        AtomicLong clock = new AtomicLong(9_000);
        Stopwatch ready = new Stopwatch(10_000, 20_000, () -> 0, clock::get);
        Stopwatch late = new Stopwatch(10_000, 20_000, () -> 0, clock::get);
        ready.trained(BATCH);
        clock.set(13_000);
        for (int batch = 0; batch < 2; batch++) {
            ready.trained(BATCH);
            late.trained(BATCH);
            clock.addAndGet(500);
        }

        assertThat(late.reading().lateMillis()).isEqualTo(3000);
        assertThat(ready.reading().lateMillis()).isZero();
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
