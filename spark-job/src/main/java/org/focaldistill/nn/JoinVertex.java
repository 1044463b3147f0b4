package org.focaldistill.nn;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the vertices that run {@link Join}s share. */
abstract class JoinVertex extends BaseGraphVertex {
    private static final long serialVersionUID = 1;

    JoinVertex(ComputationGraph graph, String name, int index, DataType type) {
        super(graph, name, index, (VertexIndices[]) null, (VertexIndices[]) null, type);
    }

    /** An activation or its gradient as {@link Join}s take it: without anything between the pixels. */
    static INDArray dense(INDArray activation) {
        return ActivationShape.of(activation).isDense() ? activation : activation.dup('c');
    }

    /** An array to write, without anything between the pixels. */
    final INDArray array(LayerWorkspaceMgr workspaces, ArrayType use, long... shape) {
        return new ActivationArrays(Engines.choose(dataType), dataType)
                .make(workspaces, use, new ActivationShape(shape[0], shape[1], shape[2], shape[3]));
    }

    /** Frees the kernels. */
    abstract void close();

    @Override
    public final boolean hasLayer() {
        return false;
    }

    @Override
    public final @Nullable Layer getLayer() {
        return null;
    }

    @Override
    public final void setBackpropGradientsViewArray(INDArray view) {
        if (view != null) {
            throw new IllegalArgumentException(this + " has no parameters");
        }
    }

    @Override
    public final @Nullable Pair<INDArray, MaskState> feedForwardMaskArrays(
            INDArray[] maskArrays, MaskState state, int minibatchSize) {
        return null;
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "(" + vertexName + ")";
    }
}
