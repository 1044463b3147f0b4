package org.focaldistill.nn;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link AddRelu}. */
final class AddReluVertex extends JoinVertex {
    private static final long serialVersionUID = 1;

    private final transient KernelCache<AddReluKernel> kernels;
    private transient @Nullable INDArray output;

    AddReluVertex(ComputationGraph graph, String name, int index, DataType type) {
        super(graph, name, index, type);
        kernels = new KernelCache<>(shape -> Engines.choose(type).addRelu(shape));
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray sum = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, inputs[0].shape(), 'c');
        kernels.forInput(ActivationShape.of(sum)).forward(dense(inputs[0]), dense(inputs[1]), sum);
        output = sum;
        return sum;
    }

    /**
     * Both inputs get the same array. That is safe: the vertex that adds further gradients into it, the one that feeds
     * several others, is reached only after everything it feeds has read it.
     */
    @Override
    public Pair<@Nullable Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        if (output == null) {
            throw new IllegalStateException("Cannot run the backward pass of " + this + ": no forward pass ran");
        }
        INDArray gradient = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, output.shape(), 'c');
        kernels.forInput(ActivationShape.of(output)).backward(output, dense(epsilon), gradient);
        return new Pair<>(null, new INDArray[] {gradient, gradient});
    }

    @Override
    public void clear() {
        super.clear();
        output = null;
    }

    @Override
    void close() {
        kernels.close();
    }
}
