package org.focaldistill.sweep;

/** Which engine a run asks for. */
public enum EngineChoice {
    /** Cards where the executors have some, else CPUs; in a build with ND4J's CUDA backend, that. */
    AUTO,
    /** Deeplearning4j on CPUs. */
    CPU,
    /** Whole steps on NVIDIA cards. */
    CUDA,
    /** Deeplearning4j on NVIDIA GPUs, in a build with ND4J's CUDA backend. */
    ND4J_CUDA
}
