package org.focaldistill.nn;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mean over rows and columns: {@code [batch, height, width, channels]} to {@code [batch, channels]}. */
public final class GlobalAveragePool extends NativeLayer {
    private static final long serialVersionUID = 1;

    @Override
    List<ParameterSpec> parameters() {
        return List.of();
    }

    @Override
    Operation operation() {
        return new Operation.ImageMean();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialise,
            DataType type) {
        GlobalAveragePoolLayer layer = new GlobalAveragePoolLayer(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamTable(java.util.Map.of());
        return layer;
    }
}
