package org.focaldistill.spark.gpu;

import java.io.Serializable;
import org.apache.spark.SparkConf;
import org.focaldistill.nn.backend.NativeLimit;

/**
 * What memory a process has, in bytes.
 *
 * @param outsideHeap what it may take outside its Java heap
 * @param heap its Java heap at most
 * @param machine what its machine, or its container, has for all
 */
record MemoryLook(long outsideHeap, long heap, long machine) implements Serializable {
    private static final long MEBIBYTE = 1 << 20;

    /** Of a container's part that is not the heap, for threads, buffers of the network and the like. */
    private static final long OF_JVM = 256;

    /** At this process, which may take what is left of its container or, where there is none, of its machine. */
    static MemoryLook now(SparkConf conf) {
        String master = conf.get("spark.master", "");
        boolean container = master.startsWith("yarn") || master.startsWith("k8s:");
        NativeLimit.set(container ? besideHeap(conf) : null);
        return new MemoryLook(NativeLimit.bytes(), NativeLimit.heap(), NativeLimit.machine());
    }

    /** By Spark's settings and defaults of them. */
    static long besideHeap(SparkConf conf) {
        long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
        double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
        long usual = Math.max(384, (long) (factor * heap));
        long overhead = conf.getSizeAsMb("spark.executor.memoryOverhead", usual + "m");
        return Math.max(overhead / 2, overhead - OF_JVM) * MEBIBYTE;
    }
}
