package org.focaldistill.spark.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.focaldistill.spark.gpu.ExecutorFollower;
import org.focaldistill.spark.gpu.ExecutorReports;
import org.focaldistill.spark.gpu.GpuSettings;
import org.focaldistill.spark.slots.SlotPool;
import org.focaldistill.sweep.Computation;
import org.jspecify.annotations.Nullable;

/** Tells the pool of slots of a cluster's executors as they come and go, and keeps those from work that can not do it. */
final class ClusterExecutors implements ExecutorFollower {
    private final SparkContext spark;
    private final SlotPool slots;
    private final Set<Computation> asked = ConcurrentHashMap.newKeySet();
    private volatile boolean slowRefused;
    private volatile long smallestNeed;
    private volatile boolean judging;

    ClusterExecutors(SparkContext spark, SlotPool slots) {
        this.spark = spark;
        this.slots = slots;
    }

    /** Those that come from now on come late, and are judged one by one; those of the start were waited for, and are judged together. */
    void judge() {
        judging = true;
    }

    /** What executors that come from now on have to be able to. */
    void ask(Set<Computation> computations) {
        asked.addAll(computations);
    }

    /** Those that would compute slowly are to get nothing. */
    void refuseSlow() {
        slowRefused = true;
    }

    /** Those without memory for so many bytes are to get nothing; 0: all are taken. */
    void refuseSmall(long bytes) {
        smallestNeed = bytes;
    }

    @Override
    public void came(String executor, String host, int cores) {
        slots.come(executor, host, GpuSettings.slots(spark.conf(), cores));
        String against = judging ? against(executor) : null;
        if (against != null) {
            ExecutorReports.OF_THIS_DRIVER.leaveOut(executor);
            // Where Spark allocates executors it ends this one, as it is idle, and starts another one in its place.
            slots.refuse(executor, against);
        }
    }

    private @Nullable String against(String executor) {
        ExecutorReports reports = ExecutorReports.OF_THIS_DRIVER;
        String against = reports.against(asked, slowRefused, executor);
        return against == null && smallestNeed > 0 ? reports.againstRoom(smallestNeed, executor) : against;
    }

    @Override
    public void went(String executor, String reason) {
        slots.go(executor, reason);
    }
}
