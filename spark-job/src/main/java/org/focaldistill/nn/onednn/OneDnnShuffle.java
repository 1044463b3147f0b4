package org.focaldistill.nn.onednn;

import org.bytedeco.dnnl.engine;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.FixedMapKernel;
import org.focaldistill.nn.FloatAddress;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A channel shuffle as a copy: each pixel's channels, a matrix of a row a group, are transposed. */
final class OneDnnShuffle implements FixedMapKernel {
    private final ActivationShape shape;
    private final OneDnnCopy forward;
    private final OneDnnCopy backward;

    OneDnnShuffle(engine cpu, ActivationShape shape, int groups) {
        this.shape = shape;
        long pixels = shape.batch() * shape.height() * shape.width();
        long channels = shape.channels();
        long members = channels / groups;
        long[] extents = {pixels, groups, members};
        long[] apart = {shape.rowLength(), members, 1};
        long[] mixed = {shape.rowLength(), 1, groups};
        forward = new OneDnnCopy("a channel shuffle", cpu, extents, apart, mixed);
        backward = new OneDnnCopy("the gradient of a channel shuffle", cpu, extents, mixed, apart);
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        forward.run(FloatAddress.of(input, shape), FloatAddress.of(output, shape));
    }

    @Override
    public void backward(INDArray outputGradient, INDArray inputGradient) {
        backward.run(FloatAddress.of(outputGradient, shape), FloatAddress.of(inputGradient, shape));
    }

    @Override
    public void close() {
        forward.close();
        backward.close();
    }
}
