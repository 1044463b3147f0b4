package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The channels of one activation, then those of another of the same batch, height and width. */
public final class ConcatChannels extends Join {
    private static final long serialVersionUID = 1;

    @JsonProperty
    private int planes = 1;

    /**
     * The same concatenation whose output may lie in planes, {@code [planes, batch, height, width, channels / planes]}, where
     * that is faster. It may be read by what {@link Conv2d#withOutputInPlanes} names.
     *
     * @throws IllegalArgumentException if the count is not positive
     */
    public ConcatChannels withOutputInPlanes(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("Channels lie in 1 plane or more, found " + count);
        }
        planes = count;
        return this;
    }

    @Override
    public GraphVertex clone() {
        return new ConcatChannels().withOutputInPlanes(planes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConcatChannels concat && concat.planes == planes;
    }

    @Override
    public int hashCode() {
        return 31 * ConcatChannels.class.hashCode() + planes;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray view, boolean initialise, DataType type) {
        return new ConcatChannelsVertex(graph, name, index, type, planes);
    }
}
