package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link Conv2d}. */
final class Conv2dLayer extends NativeLayerImpl<Conv2d> {
    private static final long serialVersionUID = 1;

    private final transient KernelCache<ConvolutionKernel> kernels =
            new KernelCache<>(shape -> engine().convolution(rows(layerConf().shape(shape))));

    Conv2dLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    private ConvolutionShape rows(ConvolutionShape shape) {
        return shape.withOutRowLength(engine().rowLength(shape.outChannels()));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        ActivationShape shape = ActivationShape.of(input);
        INDArray output =
                activation(workspaces, layerConf().shape(shape).output().nhwc());
        kernels.forInput(shape).forward(input, tensor("weight"), output);
        return output;
    }

    @Override
    public Pair<Gradient, @Nullable INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray inputGradient = layerConf().isFirstLayer() ? null : activationGradient(workspaces, input.shape());
        kernels.forInput(ActivationShape.of(input))
                .backward(input, tensor("weight"), epsilon, gradientOf("weight"), inputGradient);
        return new Pair<>(gradients(), inputGradient);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
