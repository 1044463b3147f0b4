package org.focaldistill.spark.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * Counts trained images from what executors report: of running tasks with their heartbeat, of others at their end. Each
 * group of jobs has its own count, which never falls: what a task has trained and lost was trained.
 */
final class TrainedImages extends SparkListener {
    static final String ACCUMULATOR = "trained images";
    private static final String GROUP = "spark.jobGroup.id";

    private final Map<Integer, String> groupOfStage = new ConcurrentHashMap<>();
    private final Map<Integer, List<Integer>> stagesOfJob = new ConcurrentHashMap<>();
    private final Map<Long, Running> running = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> images = new ConcurrentHashMap<>();
    private final AtomicInteger tasks = new AtomicInteger();

    /** What a task has told so far. */
    private record Running(String group, long images) {}

    /** Of a group's tasks so far. */
    long of(String group) {
        AtomicLong counted = images.get(group);
        return counted == null ? 0 : counted.get();
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        String group = start.properties() == null ? null : start.properties().getProperty(GROUP);
        List<Integer> stages = new ArrayList<>();
        JavaConverters.seqAsJavaList(start.stageIds()).forEach(stage -> stages.add((Integer) stage));
        if (group != null) {
            stages.forEach(stage -> groupOfStage.put(stage, group));
            stagesOfJob.put(start.jobId(), stages);
        }
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd end) {
        List<Integer> stages = stagesOfJob.remove(end.jobId());
        if (stages != null) {
            groupOfStage.keySet().removeAll(stages);
        }
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        JavaConverters.seqAsJavaList(update.accumUpdates())
                .forEach(task -> JavaConverters.seqAsJavaList(task._4()).forEach(info -> {
                    if (isOurs(info)) {
                        count((Long) task._1(), number(info.update()));
                    }
                }));
    }

    /** @param trained by the task so far */
    private void count(Long task, long trained) {
        Running before = running.get(task);
        if (before != null && trained > before.images()) {
            images.computeIfAbsent(before.group(), group -> new AtomicLong()).addAndGet(trained - before.images());
            running.put(task, new Running(before.group(), trained));
        }
    }

    /** Tasks that have started and not ended, cancelled ones that are still saving among them. */
    int runningTasks() {
        return tasks.get();
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        tasks.incrementAndGet();
        String group = groupOfStage.get(start.stageId());
        if (group != null) {
            running.put(start.taskInfo().taskId(), new Running(group, 0));
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        tasks.decrementAndGet();
        JavaConverters.seqAsJavaList(end.taskInfo().accumulables().toSeq()).forEach(info -> {
            if (isOurs(info)) {
                count(end.taskInfo().taskId(), number(info.update()));
            }
        });
        running.remove(end.taskInfo().taskId());
    }

    private static boolean isOurs(AccumulableInfo info) {
        return info.name().isDefined() && info.name().get().equals(ACCUMULATOR);
    }

    private static long number(Option<Object> value) {
        return value.isDefined() && value.get() instanceof Number number ? number.longValue() : 0;
    }
}
