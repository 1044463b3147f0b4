package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.net.Operation.Convolution;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link Convolution}. */
final class ConvolutionLayer extends NodeLayer {
    private static final long serialVersionUID = 1;

    private final transient Convolution operation;

    private final transient KernelCache<ConvolutionKernel> kernels =
            new KernelCache<>(input -> library().convolution(wanted(input)));

    /** Where the next backward pass adds its gradient in the input, instead of returning one. */
    private transient @Nullable INDArray inputGradientSum;

    ConvolutionLayer(Convolution operation, NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        this.operation = operation;
    }

    private ConvolutionShape wanted(ActivationShape input) {
        requireChannels(input, operation.inChannels());
        ConvolutionShape shape = ConvolutionShape.of(input, operation);
        ActivationShape output =
                arrays().wanted(shape.output(), layerConf().layout().planes());
        return shape.withOutPlanes(output.planes(), output.rowLength());
    }

    private ActivationShape output(ActivationShape shape) {
        return wanted(shape).output();
    }

    /** Nobody needs a gradient in the images. */
    private boolean readsImages() {
        return layerConf().layout().readsImages();
    }

    /** Whether, after the forward pass that was, {@link #addInputGradientTo} may be called. */
    boolean canAddInputGradient() {
        return !readsImages()
                && input != null
                && kernels.forInput(ActivationShape.of(input)).addsInputGradients();
    }

    /** Has the next backward pass add its gradient in the input to an array, and return none. */
    void addInputGradientTo(INDArray sum) {
        inputGradientSum = sum;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        inputGradientSum = null;
        ActivationShape shape = ActivationShape.of(input);
        INDArray output = activation(workspaces, output(shape));
        kernels.forInput(shape).forward(input, tensor("weight"), output);
        return output;
    }

    @Override
    public Pair<Gradient, @Nullable INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        ActivationShape shape = ActivationShape.of(input);
        ConvolutionKernel kernel = kernels.forInput(shape);
        INDArray outputGradient = lyingAs(workspaces, epsilon, output(shape));
        INDArray sum = inputGradientSum;
        if (sum != null) {
            inputGradientSum = null;
            kernel.backwardAdding(input, tensor("weight"), outputGradient, gradientOf("weight"), sum);
            return new Pair<>(gradients(), null);
        }
        INDArray inputGradient = readsImages() ? null : inputGradient(workspaces);
        kernel.backward(input, tensor("weight"), outputGradient, gradientOf("weight"), inputGradient);
        return new Pair<>(gradients(), inputGradient);
    }

    @Override
    public void clear() {
        super.clear();
        inputGradientSum = null;
    }

    @Override
    public void close() {
        kernels.close();
    }
}
