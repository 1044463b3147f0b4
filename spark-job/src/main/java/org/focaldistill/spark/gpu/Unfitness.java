package org.focaldistill.spark.gpu;

import org.focaldistill.nn.backend.NativeMemoryException;
import org.focaldistill.nn.backend.NativeNeeds;
import org.focaldistill.sweep.Computation;
import org.jspecify.annotations.Nullable;

/** Why an executor can not be used: sentences without their subject. */
final class Unfitness {
    private Unfitness() {}

    /** That another one has its GPU. */
    static String shares(ExecutorReport report, ExecutorReport owner) {
        return " got GPU " + report.gpu() + ", which executor " + owner.executor()
                + " has for itself: two workers of that machine hand out the same GPU. Give each worker GPUs"
                + " of its own with CUDA_VISIBLE_DEVICES or spark.worker.resourcesFile; to run several trials"
                + " on one GPU set " + GpuSettings.TASK_AMOUNT + " below 1";
    }

    /** That it computes without oneDNN. */
    static String slowly(KernelLook kernels) {
        return " would train slowly, without oneDNN: " + kernels.whySlow();
    }

    /** That it has no memory for any trial; null if it may have. */
    static @Nullable String small(long room, long needed) {
        return NativeNeeds.surelyTooMuch(needed, room)
                ? " has " + (room >> 20) + " MiB for what it trains, and the smallest trial takes about "
                        + (needed >> 20) + " MiB. " + NativeMemoryException.REMEDY
                : null;
    }

    /** Why it can not compute so, or leaves idle what it was given; null if nothing is wrong. */
    static @Nullable String against(Computation computation, ExecutorReport report) {
        if (computation.onCard()) {
            return report.look().card() != null
                    ? null
                    : " can not train on a card. " + report.look().noCard();
        }
        if (report.kernels().problem() != null) {
            return " can not train with " + computation + ": "
                    + report.kernels().problem();
        }
        if (computation.equals(Computation.ND4J_CUDA_FP32)) {
            return againstNd4j(report.look());
        }
        if (report.look().nd4jCuda()) {
            return " runs a build whose ND4J is on the GPU. Set run.engine = nd4j-cuda, or build for CPUs: mvn clean package";
        }
        return report.gpu() == null
                ? null
                : " got GPU " + report.gpu()
                        + ", which training on CPUs would leave idle. Set run.engine = auto, or leave"
                        + " out --gpu and " + GpuSettings.EXECUTOR_AMOUNT;
    }

    private static @Nullable String againstNd4j(CardLook look) {
        if (!look.nd4jCuda()) {
            return " runs a build without ND4J's CUDA backend. Build it: mvn -Pcuda clean package; or set run.engine ="
                    + " cuda, which needs none";
        }
        return look.nd4jProblem() == null ? null : " can not run ND4J on its GPU: " + look.nd4jProblem();
    }
}
