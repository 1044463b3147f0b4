package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.net.Operation;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.AddReluKernel;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.dl4j.NodeLayout.SumLayout;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link Operation.Sum} with ReLU. Which arrays it and its gradients are in, {@link Layouts} has decided. */
final class AddReluVertex extends JoinVertex {
    private static final long serialVersionUID = 1;

    private final transient SumLayout layout;
    private final transient KernelCache<AddReluKernel> kernels;
    /** Of vertices whose gradient goes on along a shortcut. */
    private final transient KernelCache<ActivationArrays.Kept> gradients =
            new KernelCache<>(shape -> arrays().makeKept(shape));

    private transient @Nullable INDArray output;

    AddReluVertex(ComputationGraph graph, String name, int index, DataType type, SumLayout layout) {
        super(graph, name, index, type);
        this.layout = layout;
        kernels = new KernelCache<>(shape -> KernelLibraries.choose(type).addRelu(shape));
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        ActivationShape found = ActivationShape.of(inputs[0]);
        ActivationShape shape = found.planes() > 1 ? found : arrays().wanted(found, 1);
        INDArray first = arrays().lyingAs(workspaces, ArrayType.ACTIVATIONS, inputs[0], shape);
        INDArray second = arrays().lyingAs(workspaces, ArrayType.ACTIVATIONS, inputs[1], shape);
        // In its place the sum leaves the processor's caches to other arrays.
        INDArray sum = training && layout.takesPlaceOfFirst() && isWhereActivationsAreKept(inputs[0], workspaces)
                ? first
                : arrays().make(workspaces, ArrayType.ACTIVATIONS, shape);
        kernels.forInput(shape).forward(first, second, sum);
        output = sum;
        return sum;
    }

    /** False outside workspaces, where a caller is given every activation. */
    private static boolean isWhereActivationsAreKept(INDArray array, LayerWorkspaceMgr workspaces) {
        MemoryWorkspace workspace = array.data().getParentWorkspace();
        return workspace != null
                && !workspaces.isScopedOut(ArrayType.ACTIVATIONS)
                && workspace.getId().equals(workspaces.getWorkspaceName(ArrayType.ACTIVATIONS));
    }

    @Override
    public Pair<@Nullable Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        if (output == null) {
            throw new IllegalStateException("Cannot run the backward pass of " + this + ": no forward pass ran");
        }
        ActivationShape shape = ActivationShape.of(output);
        JoinVertex next =
                layout.handsGradientTo() == null ? null : (JoinVertex) graph.getVertex(layout.handsGradientTo());
        INDArray gradient = gradientArray(workspaces, shape, next != null);
        kernels.forInput(shape).backward(output, outputGradient(workspaces, shape), gradient);
        @Nullable INDArray[] gradients = {gradient, gradient};
        if (!layout.sharesGradient()) {
            gradients[1] =
                    arrays().make(workspaces, ArrayType.ACTIVATION_GRAD, shape).assign(gradient);
        }
        if (next != null) {
            next.handGradient(gradient);
            ConvolutionLayer adder = convolutionThatAdds();
            if (adder != null) {
                adder.addInputGradientTo(gradient);
                gradients[1] = null;
            }
        }
        return new Pair<>(null, gradients);
    }

    private @Nullable ConvolutionLayer convolutionThatAdds() {
        if (layout.branchBegins() == null) {
            return null;
        }
        ConvolutionLayer convolution =
                (ConvolutionLayer) graph.getVertex(layout.branchBegins()).getLayer();
        return convolution.canAddInputGradient() ? convolution : null;
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
