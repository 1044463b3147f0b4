package org.focaldistill.spark.slots;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells news in their order from a thread of its own: who changes the slots holds a lock, who hears of it writes files. */
final class NewsQueue {
    private static final int PATIENCE_SECONDS = 10;

    private final ExecutorService teller = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "slot-news");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable SlotNews follower;

    void follow(@Nullable SlotNews newFollower) {
        follower = newFollower;
    }

    void add(Consumer<SlotNews> change) {
        if (follower == null || teller.isShutdown()) {
            return;
        }
        teller.execute(() -> {
            SlotNews to = follower;
            if (to != null) {
                change.accept(to);
            }
        });
    }

    void close() {
        teller.shutdown();
        try {
            boolean unused = teller.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
