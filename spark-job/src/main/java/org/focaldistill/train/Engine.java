package org.focaldistill.train;

import java.util.Map;
import org.focaldistill.net.Network;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.Tensor;

/** What trains and runs networks in a process. Safe for several threads. */
public interface Engine extends Students {
    /**
     * Whose kernels compute here, in a word: {@code onednn}, {@code nd4j-cpu}, {@code nd4j-cuda} or {@code cuda}. They round differently, so a
     * training goes on with those it began with.
     */
    String kernels();

    /** What computes, and on what, for people and result rows: {@code CpuBackend, onednn 2.5.2 (...)}. */
    String description();

    /**
     * A trained network to be evaluated.
     *
     * @param name what to call its tensors in messages
     * @throws InvalidModelException if the tensors are another network's
     */
    Classifier classifier(Network network, Map<String, Tensor> tensors, String name) throws InvalidModelException;
}
