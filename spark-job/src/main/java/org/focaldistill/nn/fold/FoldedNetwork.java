package org.focaldistill.nn.fold;

import java.util.HashMap;
import java.util.Map;
import org.focaldistill.net.Network;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.KernelLibrary;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network in evaluation mode. Batch norms right behind a convolution are
 * folded into it, a residual sum and the ReLU run in the convolution's last pass, and a result's memory is used again
 * when nothing needs it any more. Belongs to one thread at a time.
 */
public final class FoldedNetwork implements AutoCloseable {
    private final Network network;
    private final Map<String, INDArray> tensors;
    private final KernelLibrary library;
    private final Map<ActivationShape, FoldedPlan> plans = new HashMap<>();

    /**
     * A network to evaluate.
     *
     * @param tensors its tensors by name, which must not change before {@link #close}
     * @param library what makes its kernels
     */
    public FoldedNetwork(Network network, Map<String, INDArray> tensors, KernelLibrary library) {
        this.network = network;
        this.tensors = tensors;
        this.library = library;
    }

    /**
     * Logits of images.
     *
     * @param images {@code [batch, side, side, 3]}
     * @return {@code [batch, classes]}, overwritten by the next call
     */
    public INDArray logits(INDArray images) {
        return plans.computeIfAbsent(
                        ActivationShape.of(images), shape -> new FoldedPlan(network, tensors, library, shape))
                .run(images);
    }

    @Override
    public void close() {
        plans.values().forEach(FoldedPlan::close);
        plans.clear();
    }
}
