package org.focaldistill.sweep;

import java.io.Serializable;

/**
 * What computes a training's steps, and in which numbers. Another one gives other bits, so it is part of a {@link Trial},
 * and a checkpoint goes on only with the one that wrote it.
 *
 * @param engine what runs the network, e.g. {@code cpu}; lower-case words with hyphens between them
 * @param numerics the numbers of its products, e.g. {@code fp32}; written like an engine
 */
public record Computation(String engine, String numerics) implements Serializable {
    /**
     * Deeplearning4j on CPUs. It also stands in every row of before there was a choice, on whichever backend of ND4J was there,
     * as its row's {@code backend} says.
     */
    public static final Computation CPU_FP32 = new Computation("cpu", "fp32");

    /** Whole steps on an NVIDIA card. */
    public static final Computation CUDA_FP32 = new Computation("cuda", "fp32");

    /** The same with products of tf32, as PyTorch has them by default. */
    public static final Computation CUDA_TF32 = new Computation("cuda", "tf32");

    /** With maps of bfloat16, as in PyTorch's autocast. */
    public static final Computation CUDA_BF16 = new Computation("cuda", "bf16");

    /** Deeplearning4j with ND4J's CUDA backend. */
    public static final Computation ND4J_CUDA_FP32 = new Computation("nd4j-cuda", "fp32");

    public Computation {
        requireWords("engine", engine);
        requireWords("numerics", numerics);
    }

    private static void requireWords(String what, String value) {
        if (!value.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    what + " must be lower-case words with hyphens between them, such as cpu or fp32, found '" + value
                            + "'");
        }
    }

    /** Whether whole steps run on an NVIDIA card. */
    public boolean onCard() {
        return engine.equals(CUDA_FP32.engine);
    }

    /** For example {@code engine cpu with numerics fp32}. */
    @Override
    public String toString() {
        return "engine " + engine + " with numerics " + numerics;
    }
}
