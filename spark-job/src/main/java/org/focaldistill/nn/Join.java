package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;

/** A vertex without tensors that makes one activation of two. */
abstract class Join extends GraphVertex {
    private static final long serialVersionUID = 1;

    @Override
    public final long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public final int minVertexInputs() {
        return 2;
    }

    @Override
    public final int maxVertexInputs() {
        return 2;
    }

    @Override
    public final InputType getOutputType(int layerIndex, InputType... inputs) {
        throw new UnsupportedOperationException(
                "Vertices of FocalDistill take what they get; build the graph without setInputTypes");
    }

    @Override
    public final MemoryReport getMemoryReport(InputType... inputs) {
        return new LayerMemoryReport.Builder(null, getClass(), inputs[0], inputs[0])
                .standardMemory(0, 0)
                .build();
    }
}
