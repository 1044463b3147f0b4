package org.focaldistill.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    private static final int BATCH = 64;

    @Test
    void theFirstBatchInTheTimeOnlyBeginsIt() throws Exception {
        Stopwatch watch = fromNow(60_000);
        long start = System.nanoTime();
        watch.trained(BATCH);
        Thread.sleep(100);
        watch.trained(BATCH);
        double seconds = (System.nanoTime() - start) / 1e9;

        assertThat(watch.reading().imagesPerSecond()).isBetween(BATCH / seconds, BATCH / 0.1);
    }

    @Test
    void compilersCountBetweenTheSameBatches() throws Exception {
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
    void aSlotIsLateIfItHadNoBatchBeforeCountingBegan() throws IOException {
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
    void batchesBeforeTheTimeDoNotCount() {
        Stopwatch early = fromNow(60_000, 61_000);
        early.trained(BATCH);
        early.trained(BATCH);

        assertThatThrownBy(early::reading)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("No two batches ended in 10 min");
    }

    @Test
    void batchesAfterTheTimeCountOnlyUntilThereAreTwo() throws IOException {
        AtomicLong clock = new AtomicLong(11_000);
        Stopwatch watch = new Stopwatch(10_000, 15_000, () -> 0, clock::get);
        watch.trained(BATCH);
        clock.set(40_000);
        assertThat(watch.stopRequested()).isFalse();
        watch.trained(BATCH);
        assertThat(watch.stopRequested()).isTrue();
        double imagesPerSecond = watch.reading().imagesPerSecond();
        watch.trained(BATCH);
        assertThat(watch.reading().imagesPerSecond()).isEqualTo(imagesPerSecond);
    }

    @Test
    void twoBatchesAreNotWaitedForWithoutEnd() {
        AtomicLong clock = new AtomicLong(10_000 + 600_000);
        Stopwatch watch = new Stopwatch(10_000, 15_000, () -> 0, clock::get);
        assertThat(watch.stopRequested()).isFalse();
        clock.incrementAndGet();
        assertThat(watch.stopRequested()).isTrue();
        assertThatThrownBy(watch::reading).isInstanceOf(IOException.class);
    }

    @Test
    void workGoesOnAfterTheTimeUntilOtherSlotsHaveMeasuredToo() {
        AtomicLong clock = new AtomicLong(10_000);
        Stopwatch watch = new Stopwatch(10_000, 15_000, () -> 0, clock::get);
        watch.trained(BATCH);
        watch.trained(BATCH);
        clock.set(16_500);
        assertThat(watch.stopRequested()).isFalse();
        clock.set(16_501);
        assertThat(watch.stopRequested()).isTrue();
    }

    private static Stopwatch fromNow(long millis) {
        return fromNow(0, millis);
    }

    private static Stopwatch fromNow(long from, long to) {
        long now = System.currentTimeMillis();
        return new Stopwatch(now + from, now + to);
    }
}
