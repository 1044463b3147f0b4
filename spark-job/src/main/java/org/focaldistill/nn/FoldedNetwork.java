package org.focaldistill.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network in evaluation mode. Batch norms right behind a convolution are
 * folded into it, a residual sum and the ReLU run in the convolution's last pass, and a result's memory is used again
 * when nothing needs it any more. Belongs to one thread at a time.
 */
public final class FoldedNetwork implements AutoCloseable {
    private final List<Node> nodes;
    private final Map<String, INDArray> tensors;
    private final Engine engine;
    private final Map<ActivationShape, FoldedPlan> plans = new HashMap<>();

    private FoldedNetwork(List<Node> nodes, Map<String, INDArray> tensors, Engine engine) {
        this.nodes = nodes;
        this.tensors = tensors;
        this.engine = engine;
    }

    /** A network to evaluate; it must not change before {@link #close}. */
    public static FoldedNetwork of(ComputationGraph network) {
        return of(network, Engines.choose(network.getConfiguration().getDataType()));
    }

    static FoldedNetwork of(ComputationGraph network, Engine engine) {
        return new FoldedNetwork(Topology.of(network), StateDict.tensors(network), engine);
    }

    /**
     * Logits of images.
     *
     * @param images {@code [batch, 32, 32, 3]}
     * @return {@code [batch, classes]}, overwritten by the next call
     */
    public INDArray logits(INDArray images) {
        return plans.computeIfAbsent(ActivationShape.of(images), shape -> new FoldedPlan(nodes, tensors, engine, shape))
                .run(images);
    }

    @Override
    public void close() {
        plans.values().forEach(FoldedPlan::close);
        plans.clear();
    }
}
