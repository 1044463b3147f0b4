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
 * A square convolution without bias; tensor {@code weight} of shape {@code [out, in / groups, kernel, kernel]}. Input and
 * output are {@code [batch, height, width, channels]}; the output has {@code floor((size + 2*padding - kernel)/stride) +
 * 1} rows. Weights start Kaiming-normal, fan out, ReLU gain: {@code sd = sqrt(2 / (kernel^2 * out))} (He et al. 2015);
 * {@link #startingUniform} has PyTorch's default instead.
 */
public final class Conv2d extends NativeLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty
    private int inChannels;

    @JsonProperty
    private int outChannels;

    @JsonProperty
    private int kernel;

    @JsonProperty
    private int stride;

    @JsonProperty
    private int padding;

    @JsonProperty
    private int groups = 1;

    @JsonProperty
    private boolean uniform;

    @JsonProperty
    private boolean firstLayer;

    @JsonProperty
    private boolean outputInPlanes;

    /** For JSON. */
    Conv2d() {}

    /** A convolution with the given window, step and zeros on each side. */
    public Conv2d(int inChannels, int outChannels, int kernel, int stride, int padding) {
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
    }

    /** The same convolution as a network's first layer: no gradient in its input, the images, is computed. */
    public Conv2d asFirstLayer() {
        firstLayer = true;
        return this;
    }

    /**
     * The same convolution in groups: of input and output channels cut into that many equal parts, each output part sees
     * its own input part only. With as many groups as channels it is depthwise.
     */
    public Conv2d inGroups(int count) {
        if (inChannels % count != 0 || outChannels % count != 0) {
            throw new IllegalArgumentException("Cannot cut " + inChannels + " input and " + outChannels
                    + " output channels into " + count + " equal groups");
        }
        groups = count;
        return this;
    }

    /**
     * The same 1 x 1 convolution whose output may lie in planes, {@code [groups, batch, height, width, channels / groups]},
     * where that is faster. It must be read, directly or through {@link BatchNorm2d} and {@link AddRelu}, by nothing else
     * than {@link ConcatChannels}, poolings and 1 x 1 convolutions in as many groups, and added to the like only.
     */
    public Conv2d withOutputInPlanes() {
        if (kernel != 1 || stride != 1 || padding != 0) {
            throw new IllegalArgumentException("The output of a convolution " + kernel + " x " + kernel
                    + " with stride " + stride + " and padding " + padding
                    + " does not lie in planes: only that of 1 x 1 with stride 1 and padding 0 does");
        }
        outputInPlanes = true;
        return this;
    }

    /** The same convolution with first weights uniform within {@code 1 / sqrt(in / groups * kernel^2)}. */
    public Conv2d startingUniform() {
        uniform = true;
        return this;
    }

    boolean isFirstLayer() {
        return firstLayer;
    }

    /** In how many planes the output may lie. */
    int outPlanes() {
        return outputInPlanes ? groups : 1;
    }

    ConvolutionShape shape(ActivationShape input) {
        if (input.channels() != inChannels) {
            throw new IllegalArgumentException(
                    layerName + " takes " + inChannels + " channels, found " + input.channels() + " in " + input);
        }
        return new ConvolutionShape(input, outChannels, kernel, stride, padding, groups);
    }

    @Override
    List<ParameterSpec> parameters() {
        int fanIn = inChannels / groups * kernel * kernel;
        ParameterSpec.Initialisation start = uniform
                ? ParameterSpec.uniform(1 / Math.sqrt(fanIn))
                : ParameterSpec.normal(Math.sqrt(2.0 / (kernel * kernel * outChannels)));
        return List.of(new ParameterSpec(
                "weight", new long[] {outChannels, inChannels / groups, kernel, kernel}, true, start));
    }

    @Override
    Operation operation() {
        return new Operation.Convolution(inChannels, outChannels, kernel, stride, padding, groups);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialise,
            DataType type) {
        return NativeLayerImpl.ready(new Conv2dLayer(conf, type), conf, listeners, index, view, initialise);
    }
}
