package org.focaldistill.spark.cluster;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.focaldistill.spark.gpu.GpuSettings;

/**
 * Spark's starting of executors when there is work and ending of idle ones. Off unless it is asked for: an executor that is
 * idle between legs has images and teachers loaded.
 */
final class DynamicAllocation {
    private static final String PREFIX = "spark.dynamicAllocation.";
    private static final String ENABLED = PREFIX + "enabled";
    private static final String MOST = PREFIX + "maxExecutors";
    private static final String FIRST = PREFIX + "initialExecutors";
    private static final String LEAST = PREFIX + "minExecutors";

    private DynamicAllocation() {}

    static boolean isOn(SparkConf conf) {
        return conf.getBoolean(ENABLED, false) && !GpuSettings.isLocal(conf);
    }

    /**
     * Completes its settings; shuffles, which other applications have files of, there are none.
     *
     * @throws IOException if it is on without a limit, with what to set
     */
    static void complete(SparkConf conf) throws IOException {
        if (!isOn(conf)) {
            return;
        }
        if (!conf.contains(MOST)) {
            throw new IOException("Cannot use " + ENABLED + " = true alone: set " + MOST
                    + " too, the executors that this run may have; as many trials are begun as they have slots");
        }
        if (!conf.contains("spark.executor.cores")) {
            throw new IOException("Cannot use " + ENABLED + " = true alone: set spark.executor.cores too, the trials"
                    + " at a time on an executor");
        }
        conf.setIfMissing(PREFIX + "shuffleTracking.enabled", "true")
                // What the engines are is told by executors: there has to be one.
                .setIfMissing(LEAST, "1")
                .setIfMissing(FIRST, conf.get(LEAST, "1"));
    }

    /** Slots of all executors that it may start; 0 if it is off. */
    static int mostSlots(SparkConf conf) {
        return isOn(conf)
                ? Math.multiplyExact(
                        conf.getInt(MOST, 1), GpuSettings.slots(conf, conf.getInt("spark.executor.cores", 1)))
                : 0;
    }
}
