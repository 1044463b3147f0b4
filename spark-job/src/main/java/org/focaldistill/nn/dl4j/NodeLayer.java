package org.focaldistill.nn.dl4j;

import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.KernelLibrary;
import org.focaldistill.nn.backend.KernelLibraries;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the layers that run nodes share. Kernels are freed by {@link #close}, or with the layer. */
abstract class NodeLayer extends BaseLayer<NodeConfiguration> {
    private static final long serialVersionUID = 1;

    NodeLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    /** The layer that runs an operation with one input. */
    static NodeLayer of(Operation operation, NeuralNetConfiguration conf, DataType type) {
        if (operation instanceof Operation.Convolution convolution) {
            return new ConvolutionLayer(convolution, conf, type);
        }
        if (operation instanceof Operation.BatchNormalisation norm) {
            return new BatchNormLayer(norm, conf, type);
        }
        if (operation instanceof Operation.Product product) {
            return new ProductLayer(product, conf, type);
        }
        if (operation instanceof Operation.WindowMean mean) {
            return FixedMapLayer.of(mean, conf, type);
        }
        if (operation instanceof Operation.Shuffle shuffle) {
            return FixedMapLayer.of(shuffle, conf, type);
        }
        if (operation instanceof Operation.ImageMean) {
            return new ImageMeanLayer(conf, type);
        }
        throw new IllegalArgumentException("No layer runs " + operation);
    }

    final Node node() {
        return layerConf().node();
    }

    /** @throws IllegalArgumentException if the activation has another number of channels than the node takes */
    final void requireChannels(ActivationShape found, int expected) {
        if (found.channels() != expected) {
            throw new IllegalArgumentException(
                    node().name() + " takes " + expected + " channels, found " + found.channels() + " in " + found);
        }
    }

    final KernelLibrary library() {
        return KernelLibraries.choose(dataType);
    }

    /** A tensor by the last part of its state_dict name. */
    final INDArray tensor(String name) {
        return Objects.requireNonNull(params.get(name), name);
    }

    final INDArray gradientOf(String name) {
        return Objects.requireNonNull(gradientViews.get(name), name);
    }

    /** The layer's gradients, one vector: names for its parts are only asked for by clipping, and cost each step. */
    final Gradient gradients() {
        return new DefaultGradient(gradientsFlattened);
    }

    final ActivationArrays arrays() {
        return new ActivationArrays(library(), dataType);
    }

    final INDArray activation(LayerWorkspaceMgr workspaces, ActivationShape shape) {
        return arrays().make(workspaces, ArrayType.ACTIVATIONS, shape);
    }

    final INDArray lyingAs(LayerWorkspaceMgr workspaces, INDArray gradient, ActivationShape output) {
        return arrays().lyingAs(workspaces, ArrayType.ACTIVATION_GRAD, gradient, output);
    }

    /** An activation without pixels, or its gradient. */
    final INDArray matrix(LayerWorkspaceMgr workspaces, ArrayType use, long... shape) {
        return workspaces.createUninitialized(use, dataType, shape, 'c');
    }

    /** For the gradient in the input, lying as that does. */
    final INDArray inputGradient(LayerWorkspaceMgr workspaces) {
        return arrays().make(workspaces, ArrayType.ACTIVATION_GRAD, ActivationShape.of(input));
    }

    /** Copies activations whose rows are not what the kernels want, as Deeplearning4j's own vertices make them. */
    @Override
    public void setInput(INDArray activation, LayerWorkspaceMgr workspaces) {
        super.setInput(activation, workspaces);
        if (input.rank() == 4) {
            ActivationShape wanted = arrays().wanted(ActivationShape.of(input), 1);
            input = arrays().lyingAs(workspaces, ArrayType.INPUT, input, wanted);
        }
    }

    /** Weight decay is no part of the loss that is reported, and its sum of squares would cost each step. */
    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        return 0;
    }

    @Override
    public long numParams() {
        return params.isEmpty() ? 0 : super.numParams();
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
