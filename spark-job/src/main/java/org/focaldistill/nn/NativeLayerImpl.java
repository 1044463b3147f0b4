package org.focaldistill.nn;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the layers of this package share. Kernels are freed by {@link #close}, or with the layer. */
abstract class NativeLayerImpl<C extends NativeLayer> extends BaseLayer<C> {
    private static final long serialVersionUID = 1;

    NativeLayerImpl(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    static <L extends NativeLayerImpl<?>> L ready(
            L layer,
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialise) {
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(view);
        layer.setParamTable(conf.getLayer().initializer().init(conf, view, initialise));
        layer.setConf(conf);
        return layer;
    }

    final Engine engine() {
        return Engines.choose(dataType);
    }

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
        return new ActivationArrays(engine(), dataType);
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

    /** Copies activations whose rows are not what the engine wants, as Deeplearning4j's own vertices make them. */
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
    public boolean isPretrainLayer() {
        return false;
    }
}
