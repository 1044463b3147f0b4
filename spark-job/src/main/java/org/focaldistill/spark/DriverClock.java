package org.focaldistill.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Time as the driver's scheduling sees it: the real one, or that of a simulation. */
public interface DriverClock {
    /** The time of day. */
    DriverClock SYSTEM = new DriverClock() {
        private static final long LOOK_MILLIS = 100;

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause(Duration time, BooleanSupplier stopped) {
            long end = System.nanoTime() + time.toNanos();
            while (!stopped.getAsBoolean() && System.nanoTime() < end) {
                try {
                    Thread.sleep(LOOK_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    };

    /** What time it is. */
    Instant now();

    /** Returns after a while, or soon after the run was stopped. */
    void pause(Duration time, BooleanSupplier stopped);

    /** So many threads are about to start that look at this clock. */
    default void threadsBegin(int threads) {}

    /** One of them is about to end. */
    default void threadEnds() {}
}
