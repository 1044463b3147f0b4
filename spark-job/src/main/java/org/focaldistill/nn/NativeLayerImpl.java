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

    /** All gradients of the layer, as Deeplearning4j wants them: the views that were written to. */
    final Gradient gradients() {
        Gradient gradients = new DefaultGradient(gradientsFlattened);
        gradientViews.forEach((name, view) -> gradients.setGradientFor(name, view, 'c'));
        return gradients;
    }

    final INDArray activation(LayerWorkspaceMgr workspaces, long... shape) {
        return workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
    }

    final INDArray activationGradient(LayerWorkspaceMgr workspaces, long... shape) {
        return workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, shape, 'c');
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
