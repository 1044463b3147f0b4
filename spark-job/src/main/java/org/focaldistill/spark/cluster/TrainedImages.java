package org.focaldistill.spark.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.Option;
import scala.collection.JavaConverters;

/** Counts trained images from what executors report: of running tasks with their heartbeat, of others at their end. */
final class TrainedImages extends SparkListener {
    static final String ACCUMULATOR = "trained images";

    private final Map<Long, Long> running = new ConcurrentHashMap<>();
    private final AtomicInteger tasks = new AtomicInteger();
    private final AtomicLong ended = new AtomicLong();

    long total() {
        long sum = ended.get();
        for (long images : running.values()) {
            sum += images;
        }
        return sum;
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        JavaConverters.seqAsJavaList(update.accumUpdates())
                .forEach(task -> JavaConverters.seqAsJavaList(task._4()).forEach(info -> {
                    if (isOurs(info)) {
                        running.put((Long) task._1(), number(info.update()));
                    }
                }));
    }

    /** Tasks that have started and not ended, cancelled ones that are still saving among them. */
    int runningTasks() {
        return tasks.get();
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        tasks.incrementAndGet();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        tasks.decrementAndGet();
        running.remove(end.taskInfo().taskId());
        JavaConverters.seqAsJavaList(end.taskInfo().accumulables().toSeq()).forEach(info -> {
            if (isOurs(info)) {
                ended.addAndGet(number(info.update()));
            }
        });
    }

    private static boolean isOurs(AccumulableInfo info) {
        return info.name().isDefined() && info.name().get().equals(ACCUMULATOR);
    }

    private static long number(Option<Object> value) {
        return value.isDefined() && value.get() instanceof Number number ? number.longValue() : 0;
    }
}
