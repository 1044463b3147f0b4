package org.focaldistill.nn;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link ConcatChannels}. */
final class ConcatChannelsVertex extends JoinVertex {
    private static final long serialVersionUID = 1;

    /** By the first input's shape; the second's channels are always the same. */
    private final transient KernelCache<ConcatKernel> kernels;

    ConcatChannelsVertex(ComputationGraph graph, String name, int index, DataType type) {
        super(graph, name, index, type);
        kernels = new KernelCache<>(first -> Engines.choose(type).concat(first, inputs[1].size(3)));
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray dense = dense(inputs[0]);
        ActivationShape first = ActivationShape.of(dense);
        long channels = first.channels() + inputs[1].size(3);
        INDArray output =
                array(workspaces, ArrayType.ACTIVATIONS, first.batch(), first.height(), first.width(), channels);
        kernels.forInput(first).forward(dense, dense(inputs[1]), output);
        return output;
    }

    @Override
    public Pair<@Nullable Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        INDArray[] gradients = new INDArray[2];
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[i].shape());
        }
        kernels.forInput(ActivationShape.of(gradients[0])).backward(dense(epsilon), gradients[0], gradients[1]);
        return new Pair<>(null, gradients);
    }

    @Override
    void close() {
        kernels.close();
    }
}
