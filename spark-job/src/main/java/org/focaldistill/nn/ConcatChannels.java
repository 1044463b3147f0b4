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
    private int parts = 1;

    /**
     * The same concatenation whose result may lie in so many equal parts of the channels, one after the other in memory,
     * {@code [parts, batch, height, width, channels / parts]}, where that is faster. It may be read by what {@link
     * Conv2d#withGroupsApart} names.
     */
    public ConcatChannels withPartsApart(int count) {
        parts = count;
        return this;
    }

    @Override
    public GraphVertex clone() {
        return new ConcatChannels().withPartsApart(parts);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConcatChannels concat && concat.parts == parts;
    }

    @Override
    public int hashCode() {
        return 31 * ConcatChannels.class.hashCode() + parts;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray view, boolean initialise, DataType type) {
        return new ConcatChannelsVertex(graph, name, index, type, parts);
    }
}
