package org.focaldistill.spark.gpu;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an executor tells the driver when it starts.
 *
 * @param executor Spark's id of it
 * @param host its machine
 * @param gpu the address of the GPU that Spark gave it; null without one
 * @param gpuId what tells that GPU from all others, as far as its machine knows; null if it does not
 * @param look what it sees of its card
 * @param kernels what it runs networks on where that is its processor
 * @param memory what memory it has
 * @param problem why its tasks can not run; null if they can
 */
record ExecutorReport(
        String executor,
        String host,
        @Nullable String gpu,
        @Nullable String gpuId,
        CardLook look,
        KernelLook kernels,
        MemoryLook memory,
        @Nullable String problem)
        implements Serializable {

    /** The driver's process; in local mode it is the executor. */
    static final String DRIVER = "the driver";

    /** Spark's id of that executor. */
    static final String OF_LOCAL_MODE = "driver";

    /** Whether its tasks run in the driver's process. */
    boolean isDriver() {
        return executor.equals(OF_LOCAL_MODE);
    }

    /** The same with what it loaded meanwhile. */
    ExecutorReport with(KernelLook loaded) {
        return new ExecutorReport(executor, host, gpu, gpuId, look, loaded, memory, problem);
    }

    /** The same for two executors that have the same GPU. */
    String gpuOfAll() {
        return gpuId == null ? host + " " + gpu : gpuId;
    }

    /** It, within a sentence. */
    String name() {
        return isDriver() ? DRIVER : "executor " + executor + " on " + host;
    }

    /** It, at the begin of a sentence. */
    String who() {
        return "Executor " + executor + " on " + host;
    }
}
