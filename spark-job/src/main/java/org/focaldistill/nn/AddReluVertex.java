package org.focaldistill.nn;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
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
        ActivationShape found = ActivationShape.of(inputs[0]);
        ActivationShape shape = found.planes() > 1 ? found : arrays().wanted(found, 1);
        INDArray first = arrays().lyingAs(workspaces, ArrayType.ACTIVATIONS, inputs[0], shape);
        INDArray second = arrays().lyingAs(workspaces, ArrayType.ACTIVATIONS, inputs[1], shape);
        INDArray sum = training && firstMayBeOverwritten(workspaces)
                ? first
                : arrays().make(workspaces, ArrayType.ACTIVATIONS, shape);
        kernels.forInput(shape).forward(first, second, sum);
        output = sum;
        return sum;
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
     * Both inputs get one array where {@link #inputsMayShare that is safe}. Along the shortcuts of a stage it is the same one
     * all the way, and a branch that begins with a convolution that can add does what Deeplearning4j would do in a pass of
     * its own.
     */
    @Override
    public Pair<@Nullable Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        if (output == null) {
            throw new IllegalStateException("Cannot run the backward pass of " + this + ": no forward pass ran");
        }
        ActivationShape shape = ActivationShape.of(output);
        GraphVertex beginning = beginningOfBranch();
        boolean shared = inputsMayShare(beginning != null);
        JoinVertex next = shared && beginning != null ? joinToHandTo(shape) : null;
        INDArray gradient = gradientArray(workspaces, shape, next != null);
        kernels.forInput(shape).backward(output, outputGradient(workspaces, shape), gradient);
        @Nullable INDArray[] gradients = {gradient, gradient};
        if (!shared) {
            gradients[1] =
                    arrays().make(workspaces, ArrayType.ACTIVATION_GRAD, shape).assign(gradient);
        }
        if (next != null) {
            next.handGradient(gradient);
            Conv2dLayer adder = convolutionThatAdds(beginning);
            if (adder != null) {
                adder.addInputGradientTo(gradient);
                gradients[1] = null;
            }
        }
        return new Pair<>(null, gradients);
    }

    private @Nullable JoinVertex joinToHandTo(ActivationShape shape) {
        boolean alike = ActivationShape.of(inputs[1]).equals(shape);
        return alike && producer(1) instanceof JoinVertex join ? join : null;
    }

    /** Not where the array is the gradient in the convolution's own output, too, or where a preprocessor takes its gradient. */
    private @Nullable Conv2dLayer convolutionThatAdds(@Nullable GraphVertex beginning) {
        return beginning != producer(0)
                        && beginning instanceof LayerVertex vertex
                        && vertex.getLayerPreProcessor() == null
                        && vertex.getLayer() instanceof Conv2dLayer convolution
                        && !producer(1).isOutputVertex()
                        && convolution.canAddInputGradient()
                ? convolution
                : null;
    }

    /**
     * Whether an array may be the gradient in both inputs, although Deeplearning4j adds the gradients of other readers into
     * it: only where such a reader begins the branch that ends in the first input, and so comes when all else has been read.
     */
    private boolean inputsMayShare(boolean branchFromSecond) {
        int readersOfSecond = producer(1).getNumOutputConnections();
        return makesArrayOfItsOwn(producer(0))
                && makesArrayOfItsOwn(producer(1))
                && producer(0).getNumOutputConnections() == 1
                && (readersOfSecond == 1 || branchFromSecond && readersOfSecond == 2);
    }

    /** Deeplearning4j's own vertices may pass on the array that they got. */
    private static boolean makesArrayOfItsOwn(GraphVertex vertex) {
        return vertex instanceof JoinVertex || vertex.getLayer() instanceof NativeLayerImpl<?>;
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

    /** The vertex that reads the second input and begins the branch that ends in the first one, if there is such a branch. */
    private @Nullable GraphVertex beginningOfBranch() {
        GraphVertex shortcut = producer(1);
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
