package org.focaldistill.nn.nd4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.focaldistill.net.Window;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.AddReluKernel;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.focaldistill.nn.ConcatKernel;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FixedMapKernel;
import org.focaldistill.nn.FoldedConvolutionKernel;
import org.focaldistill.nn.KernelLibrary;
import org.focaldistill.nn.PoolShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * ND4J's own operations: any data type, any backend. On CUDA libnd4j runs the convolutions on cuDNN; on a CPU this
 * is the reference the faster library is tested against, and what double precision uses.
 */
public final class Nd4jLibrary implements KernelLibrary {
    private static final String NAME = "ND4J's library";

    @Override
    public String description() {
        return "nd4j operations on " + Nd4j.getBackend().getClass().getSimpleName();
    }

    @Override
    public long rowLength(long channels) {
        return channels;
    }

    @Override
    public boolean wantsPlanes(ActivationShape shape) {
        return false;
    }

    @Override
    public boolean wantsAligned() {
        return false;
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape) {
        shape.input().requireNoPlanes(NAME);
        shape.output().requireNoPlanes(NAME);
        if (shape.isDepthwise()) {
            return new Nd4jDepthwiseConvolution(shape);
        }
        return shape.groups() > 1 ? new Nd4jGroupedConvolution(shape) : new Nd4jConvolution(shape);
    }

    @Override
    public FoldedConvolutionKernel foldedConvolution(
            ConvolutionShape shape, INDArray weights, INDArray bias, FoldedConvolutionKernel.Tail tail) {
        requireDense(shape.input());
        requireDense(shape.output());
        return new Nd4jFoldedConvolution(convolution(shape), shape, weights.dup('c'), bias.dup('c'), tail);
    }

    @Override
    public BatchNormKernel batchNorm(BatchNormShape shape) {
        shape.input().requireNoPlanes(NAME);
        return new Nd4jBatchNorm(shape);
    }

    @Override
    public AddReluKernel addRelu(ActivationShape shape) {
        return new AddRelu();
    }

    @Override
    public FixedMapKernel averagePool(PoolShape shape) {
        shape.input().requireNoPlanes(NAME);
        return new AveragePool(shape.window());
    }

    @Override
    public FixedMapKernel shuffle(ActivationShape shape, int groups) {
        return new Shuffle(shape, groups);
    }

    @Override
    public ConcatKernel concat(ActivationShape first, ActivationShape second, ActivationShape joined) {
        first.requireNoPlanes(NAME);
        second.requireNoPlanes(NAME);
        joined.requireNoPlanes(NAME);
        return new Concat(first.channels());
    }

    private static final class AddRelu implements AddReluKernel {
        @Override
        public void forward(INDArray a, INDArray b, INDArray output) {
            a.addi(b, output);
            Transforms.max(output, 0, false);
        }

        @Override
        public void backward(INDArray output, INDArray outputGradient, INDArray sumGradient) {
            outputGradient.muli(output.gt(0).castTo(output.dataType()), sumGradient);
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }

    private record AveragePool(Window window) implements FixedMapKernel {
        @Override
        public void forward(INDArray input, INDArray output) {
            Nd4j.exec(operation("avgpool2d").addInputs(input).addOutputs(output).build());
        }

        @Override
        public void backward(INDArray outputGradient, INDArray inputGradient) {
            // Of the input only the shape counts.
            Nd4j.exec(operation("avgpool2d_bp")
                    .addInputs(inputGradient, outputGradient)
                    .addOutputs(inputGradient)
                    .build());
        }

        private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name) {
            int k = window.size();
            int s = window.stride();
            int p = window.padding();
            // kernel, stride, padding, dilation, explicit padding (0), padding counts (1), NHWC (1)
            return DynamicCustomOp.builder(name).addIntegerArguments(k, k, s, s, p, p, 1, 1, 0, 1, 1);
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }

    /** Operations reshape arrays, which of others would be a copy that is written in vain. */
    static void requireDense(ActivationShape shape) {
        shape.requireNoPlanes(NAME);
        if (!shape.isDense()) {
            throw new IllegalArgumentException("ND4J's operations take dense activations, found " + shape);
        }
    }

    private record Shuffle(ActivationShape shape, int groups) implements FixedMapKernel {
        Shuffle {
            requireDense(shape);
        }

        @Override
        public void forward(INDArray input, INDArray output) {
            transpose(input, output, groups);
        }

        @Override
        public void backward(INDArray outputGradient, INDArray inputGradient) {
            transpose(outputGradient, inputGradient, shape.channels() / groups);
        }

        /** Each pixel's channels as a matrix of so many rows, transposed. */
        private void transpose(INDArray from, INDArray to, long rows) {
            long pixels = shape.batch() * shape.height() * shape.width();
            long columns = shape.channels() / rows;
            to.reshape('c', pixels, columns, rows)
                    .assign(from.reshape('c', pixels, rows, columns).permute(0, 2, 1));
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }

    private record Concat(long firstChannels) implements ConcatKernel {
        @Override
        public void forward(INDArray first, INDArray second, INDArray output) {
            channels(output, 0, firstChannels).assign(first);
            channels(output, firstChannels, output.size(3)).assign(second);
        }

        @Override
        public void backward(INDArray outputGradient, INDArray firstGradient, INDArray secondGradient) {
            firstGradient.assign(channels(outputGradient, 0, firstChannels));
            secondGradient.assign(channels(outputGradient, firstChannels, outputGradient.size(3)));
        }

        private static INDArray channels(INDArray activation, long from, long to) {
            return activation.get(all(), all(), all(), interval(from, to));
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }
}
