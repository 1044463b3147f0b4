package org.focaldistill.nn.dl4j;

import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A node that makes one activation of two, as Deeplearning4j's configuration of a vertex. It does not go through JSON or
 * serialisation: every process compiles its networks from their descriptions.
 */
final class JoinConfiguration extends GraphVertex {
    private static final long serialVersionUID = 1;

    private final transient Node node;
    private final transient NodeLayout layout;

    JoinConfiguration(Node node, NodeLayout layout) {
        this.node = node;
        this.layout = layout;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray view, boolean initialise, DataType type) {
        if (node.operation() instanceof Operation.Concatenation) {
            return new ConcatVertex(graph, name, index, type, layout.planes());
        }
        if (layout.sum() == null) {
            throw new IllegalArgumentException("No vertex runs " + node.operation() + " of " + name);
        }
        return new AddReluVertex(graph, name, index, type, layout.sum());
    }

    @Override
    public GraphVertex clone() {
        return new JoinConfiguration(node, layout);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JoinConfiguration that && node.equals(that.node) && layout.equals(that.layout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(node, layout);
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        throw new UnsupportedOperationException(
                "Nodes of FocalDistill state their shapes; build the graph without setInputTypes");
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputs) {
        return new LayerMemoryReport.Builder(null, getClass(), inputs[0], inputs[0])
                .standardMemory(0, 0)
                .build();
    }
}
