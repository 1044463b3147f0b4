package org.focaldistill.nn;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the vertices that run {@link Join}s share. */
abstract class JoinVertex extends BaseGraphVertex {
    private static final long serialVersionUID = 1;

    private transient @Nullable INDArray gradientSum;

    JoinVertex(ComputationGraph graph, String name, int index, DataType type) {
        super(graph, name, index, (VertexIndices[]) null, (VertexIndices[]) null, type);
    }

    final ActivationArrays arrays() {
        return new ActivationArrays(Engines.choose(dataType), dataType);
    }

    /**
     * Has the next backward pass take an array, to which the vertices that read this one add their gradients, instead of
     * what they return.
     */
    final void takeGradientFrom(INDArray sum) {
        gradientSum = sum;
    }

    /** The gradient in the output. */
    final INDArray outputGradient() {
        INDArray sum = gradientSum;
        return sum == null ? epsilon : sum;
    }

    @Override
    public void clear() {
        super.clear();
        gradientSum = null;
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
