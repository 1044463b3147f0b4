package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.net.Operation;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.ConcatKernel;
import org.focaldistill.nn.backend.KernelLibraries;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link Operation.Concatenation}. */
final class ConcatVertex extends JoinVertex {
    private static final long serialVersionUID = 1;

    /** By the first input's shape, with which those of the second and of the result change. */
    private final transient KernelCache<ConcatKernel> kernels;

    private final int planes;

    /** @param planes in which the result may lie */
    ConcatVertex(ComputationGraph graph, String name, int index, DataType type, int planes) {
        super(graph, name, index, type);
        this.planes = planes;
        kernels = new KernelCache<>(first -> {
            ActivationShape second = ActivationShape.of(inputs[1]);
            return KernelLibraries.choose(type).concat(first, second, joined(first, second));
        });
    }

    private ActivationShape joined(ActivationShape first, ActivationShape second) {
        ActivationShape dense =
                new ActivationShape(first.batch(), first.height(), first.width(), first.channels() + second.channels());
        return arrays().wanted(dense, planes);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        ActivationShape first = ActivationShape.of(inputs[0]);
        ActivationShape joined = joined(first, ActivationShape.of(inputs[1]));
        INDArray output = arrays().make(workspaces, ArrayType.ACTIVATIONS, joined);
        kernels.forInput(first).forward(inputs[0], inputs[1], output);
        return output;
    }

    @Override
    public Pair<@Nullable Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        INDArray[] gradients = new INDArray[2];
        ActivationShape[] shapes = new ActivationShape[2];
        for (int i = 0; i < gradients.length; i++) {
            shapes[i] = ActivationShape.of(inputs[i]);
            gradients[i] = arrays().make(workspaces, ArrayType.ACTIVATION_GRAD, shapes[i]);
        }
        INDArray ofJoined = outputGradient(workspaces, joined(shapes[0], shapes[1]));
        kernels.forInput(shapes[0]).backward(ofJoined, gradients[0], gradients[1]);
        return new Pair<>(null, gradients);
    }

    @Override
    void close() {
        kernels.close();
    }
}
