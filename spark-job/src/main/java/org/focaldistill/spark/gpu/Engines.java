package org.focaldistill.spark.gpu;

import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.sweep.Computation;
import org.focaldistill.train.Engine;

/** The engines that this process can train and run networks with, on what its slots are bound to. */
public final class Engines {
    private static final Engine CPU = new Dl4jEngine();

    private Engines() {}

    /**
     * The engine for a training.
     *
     * @throws IllegalArgumentException if it names an engine or numerics that this version does not have
     */
    public static Engine of(Computation computation) {
        if (!computation.equals(Computation.CPU_FP32)) {
            throw new IllegalArgumentException("Cannot train with " + computation + ": this version has "
                    + Computation.CPU_FP32 + " only; train it with the version that planned it");
        }
        return CPU;
    }

    /** The engine for networks that are trained already, whatever trained them. */
    public static Engine forEvaluation() {
        return CPU;
    }
}
