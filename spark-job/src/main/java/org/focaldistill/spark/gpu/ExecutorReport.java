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
 * @param nd4jCuda whether Deeplearning4j runs on a GPU there: with the build for CPUs it does not, whatever it is bound to
 * @param card the card that whole steps can run on; null without one
 * @param noCard why there is none; null where there is one
 * @param problem why its tasks can not run; null if they can
 */
record ExecutorReport(
        String executor,
        String host,
        @Nullable String gpu,
        @Nullable String gpuId,
        boolean nd4jCuda,
        @Nullable String card,
        @Nullable String noCard,
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
