package org.focaldistill.spark.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;

/**
 * Threads that wait for Spark's jobs. A job that is submitted while its application ends is told to nobody, and its
 * thread would wait for ever.
 */
final class WaitingThreads extends SparkListener {
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private final BooleanSupplier ended;

    /** @param ended whether the application has */
    WaitingThreads(BooleanSupplier ended) {
        this.ended = ended;
    }

    /**
     * What waits.
     *
     * @param <R> what it gives back
     * @param <E> what it throws
     */
    interface Job<R, E extends Exception> {
        R await() throws E;
    }

    /**
     * Waits on the calling thread, which is interrupted when the application ends.
     *
     * @throws IllegalStateException if it has ended before
     */
    <R, E extends Exception> R during(Job<R, E> job) throws E {
        waiting.add(Thread.currentThread());
        try {
            if (ended.getAsBoolean()) {
                throw new IllegalStateException(EndedApplication.SENTENCE);
            }
            return job.await();
        } finally {
            waiting.remove(Thread.currentThread());
            if (ended.getAsBoolean()) {
                // What the thread writes down of it is not to be interrupted.
                boolean unused = Thread.interrupted();
            }
        }
    }

    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd event) {
        waiting.forEach(Thread::interrupt);
    }
}
