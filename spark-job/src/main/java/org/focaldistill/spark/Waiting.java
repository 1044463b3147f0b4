package org.focaldistill.spark;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for threads of the driver. */
final class Waiting {
    private Waiting() {}

    /** Until all are done; what one of them threw is thrown here. */
    static void forAll(List<? extends Future<?>> futures) {
        try {
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A thread that drives trials failed", e.getCause());
        }
    }
}
