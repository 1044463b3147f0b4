package org.focaldistill.spark.gpu;

/** Told of the executors that can take tasks. */
public interface ExecutorFollower {
    /**
     * One has registered with Spark, and told what it is bound to.
     *
     * @param executor Spark's id of it
     * @param host its machine
     * @param cores it has for tasks
     */
    void came(String executor, String host, int cores);

    /** One is gone. */
    void went(String executor, String reason);
}
