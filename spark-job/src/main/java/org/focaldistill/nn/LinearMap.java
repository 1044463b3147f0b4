package org.focaldistill.nn;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer without tensors whose output depends linearly on its input, so that the gradient needs neither of them. */
abstract class LinearMap extends NativeLayer {
    private static final long serialVersionUID = 1;

    abstract ActivationShape output(ActivationShape input);

    abstract LinearMapKernel kernel(Engine engine, ActivationShape input);

    @Override
    final List<ParameterSpec> parameters() {
        return List.of();
    }

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialise,
            DataType type) {
        LinearMapLayer layer = new LinearMapLayer(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamTable(Map.of());
        return layer;
    }
}
