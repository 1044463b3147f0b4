package org.focaldistill.nn;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Batch normalisation per channel (Ioffe &amp; Szegedy 2015), optionally followed by ReLU; tensors {@code weight} (scale),
 * {@code bias} (shift), {@code running_mean} and {@code running_var}, each {@code [channels]}. Epsilon 1e-5; the running
 * statistics take 0.1 of each batch's, the variance unbiased, as PyTorch does. They move in a training forward pass,
 * not through the optimiser. Input and output are {@code [batch, height, width, channels]}.
 */
public final class BatchNorm2d extends NativeLayer {
    /** The share of each batch in the new running statistics; PyTorch's {@code momentum}. */
    public static final double MOMENTUM = BatchNormShape.MOMENTUM;

    private static final long serialVersionUID = 1;

    @JsonProperty
    private int channels;

    @JsonProperty
    private boolean relu;

    /** For JSON. */
    BatchNorm2d() {}

    private BatchNorm2d(int channels, boolean relu) {
        this.channels = channels;
        this.relu = relu;
    }

    /** Batch normalisation alone. */
    public static BatchNorm2d of(int channels) {
        return new BatchNorm2d(channels, false);
    }

    /** Batch normalisation followed by ReLU, in one pass. */
    public static BatchNorm2d withRelu(int channels) {
        return new BatchNorm2d(channels, true);
    }

    boolean hasRelu() {
        return relu;
    }

    BatchNormShape shape(ActivationShape input) {
        if (input.channels() != channels) {
            throw new IllegalArgumentException(
                    layerName + " takes " + channels + " channels, found " + input.channels() + " in " + input);
        }
        return new BatchNormShape(input, relu);
    }

    @Override
    List<ParameterSpec> parameters() {
        long[] shape = {channels};
        return List.of(
                new ParameterSpec("weight", shape, true, ParameterSpec.constant(1)),
                new ParameterSpec("bias", shape, true, ParameterSpec.constant(0)),
                new ParameterSpec("runningMean", shape, false, ParameterSpec.constant(0)),
                new ParameterSpec("runningVar", shape, false, ParameterSpec.constant(1)));
    }

    @Override
    Operation operation() {
        return new Operation.BatchNormalisation(channels, BatchNormShape.EPSILON, relu);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialise,
            DataType type) {
        return NativeLayerImpl.ready(new BatchNorm2dLayer(conf, type), conf, listeners, index, view, initialise);
    }
}
