package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link LinearMap}s. */
final class LinearMapLayer extends NativeLayerImpl<LinearMap> {
    private static final long serialVersionUID = 1;

    private final transient KernelCache<LinearMapKernel> kernels =
            new KernelCache<>(shape -> layerConf().kernel(engine(), shape));

    LinearMapLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        ActivationShape shape = ActivationShape.of(input);
        INDArray output = activation(workspaces, layerConf().output(shape));
        kernels.forInput(shape).forward(input, output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray inputGradient = inputGradient(workspaces);
        ActivationShape shape = ActivationShape.of(input);
        INDArray outputGradient = lyingAs(workspaces, epsilon, layerConf().output(shape));
        kernels.forInput(shape).backward(outputGradient, inputGradient);
        return new Pair<>(new DefaultGradient(), inputGradient);
    }

    @Override
    public long numParams() {
        return 0;
    }

    @Override
    public void close() {
        kernels.close();
    }
}
