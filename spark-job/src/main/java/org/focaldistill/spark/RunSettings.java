package org.focaldistill.spark;

import java.time.Duration;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.sweep.SlowKernels;
import org.focaldistill.sweep.stop.StopRules;

/**
 * How a driver runs legs.
 *
 * @param slots legs at a time; 0: as many as Spark runs tasks at a time
 * @param checkpointEpochs epochs of a leg
 * @param attempts tries at a trial when something other than its own divergence ends it
 * @param slowKernels what to do about executors that could train much faster
 * @param executorPatience how long a run may have no executor that can be used; zero: without end
 * @param stop which trials end early
 */
public record RunSettings(
        int slots,
        int checkpointEpochs,
        int attempts,
        SlowKernels slowKernels,
        Duration executorPatience,
        StopRules stop) {
    public RunSettings {
        if (slots < 0 || checkpointEpochs < 1 || attempts < 1) {
            throw new IllegalArgumentException(
                    "slots must be at least 0, checkpointEpochs and attempts at least 1, found " + slots + ", "
                            + checkpointEpochs + " and " + attempts);
        }
    }

    /** All trials are trained to their ends. */
    public RunSettings(
            int slots, int checkpointEpochs, int attempts, SlowKernels slowKernels, Duration executorPatience) {
        this(slots, checkpointEpochs, attempts, slowKernels, executorPatience, StopRules.NONE);
    }

    /** The same with other rules. */
    public RunSettings stopping(StopRules rules) {
        return new RunSettings(slots, checkpointEpochs, attempts, slowKernels, executorPatience, rules);
    }

    /** Executors that could train much faster are refused, and others waited for without end. */
    public RunSettings(int slots, int checkpointEpochs, int attempts) {
        this(slots, checkpointEpochs, attempts, SlowKernels.REFUSE, Duration.ZERO);
    }

    /** Legs at a time on a cluster. */
    public int slotsOf(SparkCluster cluster) {
        return slots == 0 ? cluster.slots() : slots;
    }
}
