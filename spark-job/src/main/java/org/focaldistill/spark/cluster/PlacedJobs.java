package org.focaldistill.spark.cluster;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.focaldistill.spark.gpu.ExecutorReports;
import org.focaldistill.spark.gpu.GpuBinding;
import org.focaldistill.spark.gpu.TaskMemory;
import org.focaldistill.spark.slots.Placement;
import org.focaldistill.spark.slots.SlotPool;
import org.focaldistill.text.Causes;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on slots that the driver has chosen, and tells the pool of them what came of it. Spark is asked to run a task
 * there, and may run it elsewhere; a task that finds itself where it must not run says so and is sent again.
 */
final class PlacedJobs {
    private final JavaSparkContext spark;
    private final SerializableConfiguration configuration;
    private final SlotPool slots;
    private final WaitingThreads waiting;
    private final AtomicInteger running = new AtomicInteger();

    PlacedJobs(JavaSparkContext spark, SlotPool slots) {
        this.spark = spark;
        this.configuration = new SerializableConfiguration(spark.hadoopConfiguration());
        this.slots = slots;
        this.waiting = new WaitingThreads(() -> spark.sc().isStopped());
        spark.sc().addSparkListener(waiting);
        spark.sc().addSparkListener(new SparkReruns((stage, why) -> spark.sc().cancelStage(stage, why)));
    }

    /** Works that have begun and not ended. */
    int running() {
        return running.get();
    }

    /**
     * See {@link SparkCluster#run}.
     *
     * @param proves whether its success shows that its executor works
     */
    <R> R run(String group, String description, SparkCluster.Work<R> work, boolean proves) {
        LongAccumulator trained = SparkCluster.imageCounter(spark.sc());
        describe(group, description);
        // Work aside has nobody who tries it again.
        SparkReruns.watch(spark, proves);
        running.incrementAndGet();
        try {
            for (int tries = 0; ; tries++) {
                Answer<R> answer = onASlot(group, work, trained, proves);
                if (answer.accepted()) {
                    return answer.value();
                }
                // Another task has the slot that this one was to have; it will be in its place soon.
                pause(tries);
            }
        } finally {
            running.decrementAndGet();
            endDescription();
        }
    }

    /** @param accepted whether the executor was not a refused one; only then is there a value */
    private record Answer<R>(
            boolean accepted, String executor, @Nullable R given) implements java.io.Serializable {
        R value() {
            return Objects.requireNonNull(given, "A task's answer");
        }
    }

    private <R> Answer<R> onASlot(String group, SparkCluster.Work<R> work, LongAccumulator trained, boolean proves) {
        Placement place = slots.take(1, group);
        try {
            Answer<R> answer = waiting.during(() -> submit(place, work, trained));
            if (answer.accepted() && proves) {
                slots.succeeded(answer.executor(), group);
            }
            return answer;
        } catch (Exception e) {
            // Spark throws what it does not declare.
            throw failure(e, group);
        } finally {
            slots.giveBack(place);
        }
    }

    private <R> Answer<R> submit(Placement place, SparkCluster.Work<R> work, LongAccumulator trained) {
        SerializableConfiguration shipped = configuration;
        Set<String> refused = place.refused();
        Function<Integer, Answer<R>> task = unused -> {
            SparkReruns.refuse(TaskContext.get());
            String here = SparkEnv.get().executorId();
            if (refused.contains(here)) {
                return new Answer<>(false, here, null);
            }
            GpuBinding.verify(TaskContext.get());
            return new Answer<>(true, here, TaskMemory.guarded(() -> work.run(shipped.value(), trained)));
        };
        return PlacedPartitions.of(spark, List.of(0), place.locations())
                .map(task)
                .collect()
                .get(0);
    }

    /** Takes account of it. */
    private RuntimeException failure(Exception failure, String group) {
        String executor = TaskFailure.executor(failure);
        if (executor == null) {
            return failure instanceof RuntimeException own ? own : new IllegalStateException(failure);
        }
        // A cluster takes executors away where it likes: that makes no machine suspect.
        if (!TaskFailure.isFinal(failure) && !TaskFailure.isTakenAway(failure)) {
            slots.failed(executor, group, Causes.sentence(failure));
        }
        ExecutorReports.Place at = ExecutorReports.OF_THIS_DRIVER.place(executor);
        return new TaskFailedException(executor, at == null ? "" : at.host(), at == null ? "" : at.device(), failure);
    }

    private static void pause(int tries) {
        try {
            Thread.sleep(Math.min(100L << Math.min(tries, 10), 10_000L));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a slot", e);
        }
    }

    /** See {@link SparkCluster#drive}. */
    <R> R drive(String group, String description, int tasks, SparkCluster.DriverWork<R> work) throws IOException {
        describe(group, description);
        SparkReruns.watch(spark, true);
        spark.setLocalProperty("spark.scheduler.pool", group);
        running.incrementAndGet();
        try {
            Placement place = slots.take(tasks, group);
            try {
                R result = waiting.during(() -> work.run(spark, configuration, place.locations()));
                place.executors().forEach(executor -> slots.succeeded(executor, group));
                return result;
            } catch (Exception e) {
                if (e instanceof IOException own && TaskFailure.executor(e) == null) {
                    throw own;
                }
                throw failure(e, group);
            } finally {
                slots.giveBack(place);
            }
        } finally {
            running.decrementAndGet();
            spark.setLocalProperty("spark.scheduler.pool", null);
            endDescription();
        }
    }

    private void describe(String group, String description) {
        spark.setJobGroup(group, description, false);
        spark.setCallSite(description);
    }

    private void endDescription() {
        SparkReruns.watch(spark, false);
        spark.clearCallSite();
    }
}
