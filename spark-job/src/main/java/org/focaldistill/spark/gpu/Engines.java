package org.focaldistill.spark.gpu;

import org.focaldistill.cuda.OpenCard;
import org.focaldistill.cuda.driver.CudaException;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.sweep.Computation;
import org.focaldistill.train.Engine;
import org.focaldistill.train.Workers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engines that this process can train and run networks with, on what it is bound to. */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
    private static final Engine DL4J = new Dl4jEngine();

    /**
     * Opened when first asked for, and left with the process: all of its tasks share the card. Opened anew when an error of a kernel
     * has ended it.
     */
    private static @Nullable OpenCard card;

    private Engines() {}

    /**
     * The engine for a training, or for a teacher in it.
     *
     * @throws IllegalArgumentException if it names an engine or numerics that this version does not have
     * @throws IllegalStateException if it is for a card and there is none that can be used; with what to do
     */
    public static Engine of(Computation computation) {
        if (computation.equals(Computation.CPU_FP32) || computation.equals(Computation.ND4J_CUDA_FP32)) {
            return DL4J;
        }
        if (computation.onCard()) {
            OpenCard.requireNumerics(computation.numerics());
            return card().engine(computation.numerics());
        }
        throw new IllegalArgumentException(
                "Cannot train with " + computation + ": this version has the engines cpu and"
                        + " nd4j-cuda with numerics fp32, and cuda with fp32, tf32 and bf16; train it with the version that planned it");
    }

    /**
     * Makes workers on this process's card.
     *
     * @throws IllegalArgumentException if the computation is none of a card's
     * @throws IllegalStateException if there is no card that can be used; with what to do
     */
    public static Workers workers(Computation computation) {
        if (!computation.onCard()) {
            throw new IllegalArgumentException(computation + " is none of a card's");
        }
        OpenCard.requireNumerics(computation.numerics());
        return card().workers(computation.numerics());
    }

    private static synchronized OpenCard card() {
        OpenCard open = card;
        if (open != null && open.isLost()) {
            LOG.warn("The card {} was lost to an error of a kernel; it is opened anew", open.description());
            card = null;
            open.close();
            open = null;
        }
        if (open == null) {
            open = openCard();
            card = open;
        }
        return open;
    }

    private static OpenCard openCard() {
        try {
            return OpenCard.open(0);
        } catch (NoCardException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (CudaException e) {
            throw new IllegalStateException(
                    e.getMessage()
                            + (e.isOutOfMemory()
                                    ? ". nvidia-smi shows who has the card's memory"
                                    : ". If that comes again, this process can not use the card any more, and a new one may:"
                                            + " restart the sweep, or the machine's worker"),
                    e);
        }
    }

    /** The card that a local run would train on, opened and left again, or why there is none. */
    public static String describeCard() {
        String seen = GpuBinding.describe();
        try (OpenCard opened = OpenCard.open(0)) {
            return opened.description() + ", its kernels load";
        } catch (NoCardException e) {
            return seen;
        } catch (RuntimeException | LinkageError e) {
            return "none that can be used: " + e.getMessage();
        }
    }

    /** The engine for networks that are trained already, whatever trained them. */
    public static Engine forEvaluation() {
        return DL4J;
    }
}
