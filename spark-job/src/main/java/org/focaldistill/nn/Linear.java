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
 * {@code x * weight^T + bias}: {@code [batch, in]} to {@code [batch, out]}; tensors {@code weight} {@code [out, in]} and
 * {@code bias} {@code [out]}, both starting uniform within {@code 1/sqrt(in)}, as PyTorch's.
 */
public final class Linear extends NativeLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty
    private int in;

    @JsonProperty
    private int out;

    @JsonProperty
    private boolean zeroBias;

    /** For JSON. */
    Linear() {}

    public Linear(int in, int out) {
        this.in = in;
        this.out = out;
    }

    /** The same layer with a bias that starts at 0. */
    public Linear startingUnbiased() {
        zeroBias = true;
        return this;
    }

    int out() {
        return out;
    }

    @Override
    List<ParameterSpec> parameters() {
        ParameterSpec.Initialisation uniform = ParameterSpec.uniform(1 / Math.sqrt(in));
        return List.of(
                new ParameterSpec("weight", new long[] {out, in}, true, uniform),
                new ParameterSpec("bias", new long[] {out}, true, zeroBias ? ParameterSpec.constant(0) : uniform));
    }

    @Override
    Operation operation() {
        return new Operation.Product(in, out);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialise,
            DataType type) {
        return NativeLayerImpl.ready(new LinearLayer(conf, type), conf, listeners, index, view, initialise);
    }
}
