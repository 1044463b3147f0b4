package org.focaldistill.nn.dl4j;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.net.Operation;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.FixedMapKernel;
import org.focaldistill.nn.PoolShape;
import org.focaldistill.nn.backend.KernelLibraries;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs operations without tensors whose output is always the same linear map of their input, so that the gradient needs neither
 * of them: {@link Operation.WindowMean} and {@link Operation.Shuffle}.
 */
final class FixedMapLayer extends NodeLayer {
    private static final long serialVersionUID = 1;

    private final transient UnaryOperator<ActivationShape> outputShape;
    private final transient KernelCache<FixedMapKernel> kernels;

    private FixedMapLayer(
            NeuralNetConfiguration conf,
            DataType type,
            UnaryOperator<ActivationShape> outputShape,
            Function<ActivationShape, FixedMapKernel> kernel) {
        super(conf, type);
        this.outputShape = outputShape;
        this.kernels = new KernelCache<>(kernel);
    }

    static FixedMapLayer of(Operation.WindowMean mean, NeuralNetConfiguration conf, DataType type) {
        return new FixedMapLayer(
                conf,
                type,
                input -> new PoolShape(input, mean.window()).output(),
                input -> KernelLibraries.choose(type).averagePool(new PoolShape(input, mean.window())));
    }

    static FixedMapLayer of(Operation.Shuffle shuffle, NeuralNetConfiguration conf, DataType type) {
        return new FixedMapLayer(
                conf,
                type,
                input -> input,
                input -> KernelLibraries.choose(type).shuffle(input, shuffle.groups()));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        ActivationShape shape = ActivationShape.of(input);
        INDArray output = activation(workspaces, outputShape.apply(shape));
        kernels.forInput(shape).forward(input, output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray inputGradient = inputGradient(workspaces);
        ActivationShape shape = ActivationShape.of(input);
        INDArray outputGradient = lyingAs(workspaces, epsilon, outputShape.apply(shape));
        kernels.forInput(shape).backward(outputGradient, inputGradient);
        return new Pair<>(new DefaultGradient(), inputGradient);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
