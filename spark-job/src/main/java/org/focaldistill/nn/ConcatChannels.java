package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The channels of one activation, then those of another of the same batch, height and width. */
public final class ConcatChannels extends Join {
    private static final long serialVersionUID = 1;

    @Override
    public GraphVertex clone() {
        return new ConcatChannels();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConcatChannels;
    }

    @Override
    public int hashCode() {
        return ConcatChannels.class.hashCode();
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray view, boolean initialise, DataType type) {
        return new ConcatChannelsVertex(graph, name, index, type);
    }
}
