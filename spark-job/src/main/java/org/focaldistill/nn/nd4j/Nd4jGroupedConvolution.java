package org.focaldistill.nn.nd4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A convolution for each group, on copies of its channels. */
final class Nd4jGroupedConvolution implements ConvolutionKernel {
    private final int groups;
    private final Nd4jConvolution one;

    Nd4jGroupedConvolution(ConvolutionShape shape) {
        groups = shape.groups();
        ActivationShape in = shape.input();
        one = new Nd4jConvolution(new ConvolutionShape(
                new ActivationShape(in.batch(), in.height(), in.width(), in.channels() / groups),
                shape.outChannels() / groups,
                shape.kernel(),
                shape.stride(),
                shape.padding(),
                1));
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        for (int g = 0; g < groups; g++) {
            INDArray part = empty(output, one.shape().output().nhwc());
            one.forward(channels(input, g).dup('c'), filters(weights, g), part);
            channels(output, g).assign(part);
        }
    }

    @Override
    public void backward(
            INDArray input,
            INDArray weights,
            INDArray outputGradient,
            INDArray weightsGradient,
            @Nullable INDArray inputGradient) {
        for (int g = 0; g < groups; g++) {
            INDArray part = empty(input, one.shape().input().nhwc());
            one.backward(
                    channels(input, g).dup('c'),
                    filters(weights, g),
                    channels(outputGradient, g).dup('c'),
                    filters(weightsGradient, g),
                    part);
            if (inputGradient != null) {
                channels(inputGradient, g).assign(part);
            }
        }
    }

    private static INDArray empty(INDArray like, long... shape) {
        return Nd4j.createUninitialized(like.dataType(), shape);
    }

    private INDArray channels(INDArray activation, int group) {
        long size = activation.size(3) / groups;
        return activation.get(all(), all(), all(), interval(group * size, (group + 1) * size));
    }

    /** One group's filters lie together. */
    private INDArray filters(INDArray weights, int group) {
        long size = weights.length() / groups;
        return weights.reshape(weights.length())
                .get(interval(group * size, (group + 1) * size))
                .reshape('c', one.shape().weights());
    }

    @Override
    public void close() {
        // holds nothing native
    }
}
