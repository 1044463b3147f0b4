package org.focaldistill.spark.gpu;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an executor tells the driver when it starts.
 *
 * @param executor Spark's id of it
 * @param host its machine
 * @param gpu the address of its GPU; null without one
 * @param gpuId what tells that GPU from all others, as far as its machine knows; null if it does not
 * @param cuda whether its networks run on a GPU: with the build for CPUs they do not, whatever it is bound to
 * @param problem why its tasks can not run; null if they can
 */
record ExecutorReport(
        String executor,
        String host,
        @Nullable String gpu,
        @Nullable String gpuId,
        boolean cuda,
        @Nullable String problem)
        implements Serializable {

    /** The same for two executors that have the same GPU. */
    String gpuOfAll() {
        return gpuId == null ? host + " " + gpu : gpuId;
    }
}
