package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code max(0, a + b)} of two activations of one shape: the end of a residual block. */
public final class AddRelu extends Join {
    private static final long serialVersionUID = 1;

    @Override
    public GraphVertex clone() {
        return new AddRelu();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddRelu;
    }

    @Override
    public int hashCode() {
        return AddRelu.class.hashCode();
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray view, boolean initialise, DataType type) {
        return new AddReluVertex(graph, name, index, type);
    }
}
