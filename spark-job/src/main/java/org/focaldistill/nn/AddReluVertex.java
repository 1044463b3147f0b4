package org.focaldistill.nn;

import java.util.Arrays;
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
    /** Of vertices whose gradient goes on along a shortcut. */
    private final transient KernelCache<ActivationArrays.Kept> gradients =
            new KernelCache<>(shape -> arrays().makeKept(shape));

    private transient @Nullable INDArray output;

    AddReluVertex(ComputationGraph graph, String name, int index, DataType type) {
        super(graph, name, index, type);
        kernels = new KernelCache<>(shape -> Engines.choose(type).addRelu(shape));
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        ActivationShape shape = ActivationShape.of(inputs[0]);
        INDArray sum = training && firstMayBeOverwritten(workspaces)
                ? inputs[0]
                : arrays().make(workspaces, ArrayType.ACTIVATIONS, shape);
        kernels.forInput(shape).forward(inputs[0], second(workspaces, shape), sum);
        output = sum;
        return sum;
    }

    /** The second input as the first lies, or a copy that does: Deeplearning4j's own vertices leave nothing between pixels. */
    private INDArray second(LayerWorkspaceMgr workspaces, ActivationShape shape) {
        ActivationShape lying = ActivationShape.of(inputs[1]);
        if (lying.equals(shape)) {
            return inputs[1];
        }
        if (!Arrays.equals(lying.extents(), shape.extents())) {
            throw new IllegalArgumentException(
                    this + " adds activations of one shape, found " + shape + " and " + lying);
        }
        return arrays().make(workspaces, ArrayType.ACTIVATIONS, shape).assign(inputs[1]);
    }

    /**
     * Whether the sum can take the place of the first input, which leaves the processor's caches to other arrays.
     * Nothing may read that input any more: it comes from a batch normalisation without ReLU, whose backward pass does
     * not look at it, and goes nowhere else. And it must be in the workspace that the sum is to be kept in.
     */
    private boolean firstMayBeOverwritten(LayerWorkspaceMgr workspaces) {
        GraphVertex producer = producer(0);
        return producer.getLayer() instanceof BatchNorm2dLayer norm
                && !norm.hasRelu()
                && producer.getNumOutputConnections() == 1
                && !producer.isOutputVertex()
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
     * Both inputs get the same array. That is safe: further gradients are added into it for the vertex that feeds several
     * others, which happens only after this branch has read it. Along the shortcuts of a stage it is one array all the
     * way, and a branch that begins with a convolution that can add does what Deeplearning4j would do in a pass of its own.
     */
    @Override
    public Pair<@Nullable Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        if (output == null) {
            throw new IllegalStateException("Cannot run the backward pass of " + this + ": no forward pass ran");
        }
        GraphVertex beginning = beginningOfBranch();
        INDArray gradient = gradientArray(workspaces, ActivationShape.of(output), beginning != null);
        kernels.forInput(ActivationShape.of(output)).backward(output, outputGradient(), gradient);
        if (beginning == null) {
            return new Pair<>(null, new INDArray[] {gradient, gradient});
        }
        JoinVertex shortcut = (JoinVertex) producer(1);
        shortcut.handGradient(gradient);
        if (shortcut.getNumOutputConnections() == 2
                && !shortcut.isOutputVertex()
                && beginning.getLayer() instanceof Conv2dLayer convolution
                && convolution.canAddInputGradient()) {
            convolution.addInputGradientTo(gradient);
            return new Pair<>(null, new @Nullable INDArray[] {gradient, null});
        }
        return new Pair<>(null, new INDArray[] {gradient, gradient});
    }

    private INDArray gradientArray(LayerWorkspaceMgr workspaces, ActivationShape shape, boolean toHandOver) {
        INDArray handed = handedGradient();
        if (handed != null) {
            return handed;
        }
        return toHandOver
                ? gradients.forInput(shape).array()
                : arrays().make(workspaces, ArrayType.ACTIVATION_GRAD, shape);
    }

    /**
     * The vertex that begins the branch that ends in the first input, if it reads the second input, which is a join's.
     * Then all of the branch has its turn, and has read its gradients, before that join has.
     */
    private @Nullable GraphVertex beginningOfBranch() {
        GraphVertex shortcut = producer(1);
        if (!(shortcut instanceof JoinVertex)) {
            return null;
        }
        GraphVertex inBranch = producer(0);
        while (inBranch.getNumInputArrays() == 1) {
            GraphVertex before = graph.getVertices()[inBranch.getInputVertices()[0].getVertexIndex()];
            if (before == shortcut) {
                return inBranch;
            }
            inBranch = before;
        }
        return null;
    }

    private GraphVertex producer(int input) {
        return graph.getVertices()[inputVertices[input].getVertexIndex()];
    }

    @Override
    public void clear() {
        super.clear();
        output = null;
    }

    @Override
    void close() {
        kernels.close();
        gradients.close();
    }
}
