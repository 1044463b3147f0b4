package org.focaldistill.nn;

import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The mean of a sliding square window; the padding's zeros count, as PyTorch's do by default. {@code [batch, height,
 * width, channels]}, {@code floor((size + 2*padding - kernel)/stride) + 1} rows.
 */
public final class AveragePool2d extends LinearMap {
    private static final long serialVersionUID = 1;

    @JsonProperty
    private int kernel;

    @JsonProperty
    private int stride;

    @JsonProperty
    private int padding;

    /** For JSON. */
    AveragePool2d() {}

    public AveragePool2d(int kernel, int stride, int padding) {
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
    }

    @Override
    ActivationShape output(ActivationShape input) {
        return new PoolShape(input, new Window(kernel, stride, padding)).output();
    }

    @Override
    LinearMapKernel kernel(Engine engine, ActivationShape input) {
        return engine.averagePool(new PoolShape(input, new Window(kernel, stride, padding)));
    }

    @Override
    Operation operation() {
        return new Operation.WindowMean(kernel, stride, padding);
    }
}
