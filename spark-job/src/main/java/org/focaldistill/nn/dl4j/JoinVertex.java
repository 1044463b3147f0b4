package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.backend.KernelLibraries;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the vertices that make one activation of two share. */
abstract class JoinVertex extends BaseGraphVertex {
    private static final long serialVersionUID = 1;

    private transient @Nullable INDArray handed;

    JoinVertex(ComputationGraph graph, String name, int index, DataType type) {
        super(graph, name, index, (VertexIndices[]) null, (VertexIndices[]) null, type);
    }

    final ActivationArrays arrays() {
        return new ActivationArrays(KernelLibraries.choose(dataType), dataType);
    }

    /**
     * Hands over an array that the gradient in the output is summed up in, outside workspaces and for this vertex to
     * overwrite.
     */
    final void handGradient(INDArray sum) {
        handed = sum;
    }

    /**
     * The gradient in the output that was handed over, else null. It does not count if Deeplearning4j has set another array,
     * as for external errors at an output; it has none if a convolution adds to this one by itself.
     */
    final @Nullable INDArray handedGradient() {
        return epsilon == null || epsilon == handed ? handed : null;
    }

    /** The gradient in the output, lying as that does. */
    final INDArray outputGradient(LayerWorkspaceMgr workspaces, ActivationShape shape) {
        INDArray sum = handedGradient();
        return sum == null ? arrays().lyingAs(workspaces, ArrayType.ACTIVATION_GRAD, epsilon, shape) : sum;
    }

    @Override
    public void clear() {
        super.clear();
        handed = null;
    }

    /** Frees the kernels and what else is kept from step to step. */
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
