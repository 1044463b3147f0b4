package org.focaldistill.spark.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.focaldistill.spark.DriverClock;

/**
 * A clock that stands while one of its threads works and jumps to the next event when all of them wait, so that threads
 * written for the real clock live through months in seconds. One thread is woken at a time, in the order of the times
 * they asked for.
 */
final class VirtualClock implements DriverClock {
    private final PriorityQueue<Sleeper> sleepers =
            new PriorityQueue<>(Comparator.comparing(Sleeper::until).thenComparingLong(Sleeper::order));
    private Instant now = Instant.EPOCH;
    private int awake;
    private long asleepSoFar;

    private record Sleeper(Instant until, long order, CountDownLatch alarm) {}

    @Override
    public synchronized Instant now() {
        return now;
    }

    /** Returns when the time has come, stopped or not: nobody stops a simulation. */
    @Override
    public void pause(Duration time, BooleanSupplier stopped) {
        CountDownLatch alarm = new CountDownLatch(1);
        synchronized (this) {
            sleepers.add(new Sleeper(now.plus(time), asleepSoFar++, alarm));
            awake--;
            wakeNextIfAllSleep();
        }
        try {
            alarm.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in a simulation", e);
        }
    }

    @Override
    public synchronized void threadsBegin(int threads) {
        awake += threads;
    }

    @Override
    public synchronized void threadEnds() {
        awake--;
        wakeNextIfAllSleep();
    }

    private void wakeNextIfAllSleep() {
        if (awake == 0 && !sleepers.isEmpty()) {
            Sleeper next = sleepers.remove();
            now = next.until();
            awake++;
            next.alarm().countDown();
        }
    }
}
