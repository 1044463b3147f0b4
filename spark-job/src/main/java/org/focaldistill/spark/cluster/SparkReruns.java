package org.focaldistill.spark.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;

/**
 * Keeps Spark from running a task again by itself. A task whose executor was preempted, or whose machine was lost, has not
 * failed in Spark's eyes, whatever spark.task.maxFailures says: it would run again where nobody takes account of it. Its
 * job is ended instead, in the words of other losses, and the driver gives the work another slot.
 */
final class SparkReruns extends SparkListener {
    private static final String WATCHED = "focaldistill.placed";
    private static final long LOOK_MILLIS = 50;
    /** The driver ends the job as soon as it hears of the loss. */
    private static final int PATIENCE_SECONDS = 60;

    private final BiConsumer<Integer, String> cancelStage;
    private final Set<Integer> stages = ConcurrentHashMap.newKeySet();

    /** @param cancelStage ends a stage's job with a reason */
    SparkReruns(BiConsumer<Integer, String> cancelStage) {
        this.cancelStage = cancelStage;
    }

    /** Whether jobs that the calling thread submits from now on are watched. */
    static void watch(JavaSparkContext spark, boolean watched) {
        spark.setLocalProperty(WATCHED, watched ? mark(spark.getConf()) : null);
    }

    /** What watched jobs have as a property, in the driver and in their tasks; null if none is watched. */
    static @Nullable String mark(SparkConf conf) {
        // Who has Spark try failed tasks again means it: then they are neither ended here nor refused there.
        return conf.getInt("spark.task.maxFailures", 1) == 1 ? "true" : null;
    }

    /** In a task: one that was run before does nothing but wait for its end. */
    static void refuse(TaskContext task) {
        if (task.attemptNumber() == 0 || task.getLocalProperty(WATCHED) == null) {
            return;
        }
        for (long waited = 0; waited < PATIENCE_SECONDS * 1000L; waited += LOOK_MILLIS) {
            if (task.isInterrupted()) {
                throw new TaskKilledException("its work gets another slot");
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TaskKilledException("interrupted");
            }
        }
        throw new IllegalStateException(
                "Spark runs again a task whose executor was lost, and the driver has not ended it");
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        if (start.properties() != null && start.properties().getProperty(WATCHED) != null) {
            JavaConverters.seqAsJavaList(start.stageIds()).forEach(stage -> stages.add((Integer) stage));
        }
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted completed) {
        stages.remove(completed.stageInfo().stageId());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.reason() instanceof ExecutorLostFailure lost
                && !lost.countTowardsTaskFailures()
                && stages.contains(end.stageId())) {
            // As Spark says it of losses that count: TaskFailure reads it.
            cancelStage.accept(
                    end.stageId(),
                    "Lost task " + end.taskInfo().index() + " in stage " + end.stageId() + " (TID "
                            + end.taskInfo().taskId() + ") (" + end.taskInfo().host() + " executor "
                            + end.taskInfo().executorId() + "): " + TaskFailure.TAKEN_AWAY + lost.toErrorString());
        }
    }
}
