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
 * @param noNatives why it can not load the native libraries of Deeplearning4j; null if nothing is in the way
 * @param problem why its tasks can not run; null if they can
 */
record ExecutorReport(
        String executor,
        String host,
        @Nullable String gpu,
        @Nullable String gpuId,
        CardLook look,
        @Nullable String noNatives,
        @Nullable String problem)
        implements Serializable {

    /** The same for two executors that have the same GPU. */
    String gpuOfAll() {
        return gpuId == null ? host + " " + gpu : gpuId;
    }

    /** It, at the begin of a sentence. */
    String who() {
        return "Executor " + executor + " on " + host;
    }
}
