package org.focaldistill.nn;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
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
        INDArray sum = training && firstMayBeOverwritten(workspaces)
                ? inputs[0]
                : array(workspaces, ArrayType.ACTIVATIONS, inputs[0].shape());
        kernels.forInput(ActivationShape.of(sum)).forward(dense(inputs[0]), dense(inputs[1]), sum);
        output = sum;
        return sum;
    }

    /**
     * Whether the sum can take the place of the first input, which leaves the processor's caches to other arrays.
     * Nothing may read that input any more: it comes from a batch normalisation without ReLU, whose backward pass does
     * not look at it, and goes nowhere else. And it must be in the workspace that the sum is to be kept in.
     */
    private boolean firstMayBeOverwritten(LayerWorkspaceMgr workspaces) {
        GraphVertex producer = graph.getVertices()[inputVertices[0].getVertexIndex()];
        return producer.getLayer() instanceof BatchNorm2dLayer norm
                && !norm.hasRelu()
                && producer.getNumOutputConnections() == 1
                && !producer.isOutputVertex()
                && ActivationShape.of(inputs[0]).isDense()
                && isWhereActivationsAreKept(inputs[0], workspaces);
    }

    /** False outside workspaces, where a caller is given every activation. */
    private static boolean isWhereActivationsAreKept(INDArray array, LayerWorkspaceMgr workspaces) {
        MemoryWorkspace workspace = array.data().getParentWorkspace();
        return workspace != null
                && !workspaces.isScopedOut(ArrayType.ACTIVATIONS)
                && workspace.getId().equals(workspaces.getWorkspaceName(ArrayType.ACTIVATIONS));
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
        INDArray gradient = array(workspaces, ArrayType.ACTIVATION_GRAD, output.shape());
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
