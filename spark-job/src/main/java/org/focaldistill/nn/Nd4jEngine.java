package org.focaldistill.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * ND4J's own operations: any data type, any backend. On CUDA libnd4j runs the convolutions on cuDNN; on a CPU this
 * is the reference the faster engine is tested against, and what double precision uses.
 */
final class Nd4jEngine implements Engine {

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
    public boolean wantsBlocks(ConvolutionShape shape) {
        return false;
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape) {
        requireRows(shape.input());
        requireRows(shape.output());
        if (shape.isDepthwise()) {
            return new DepthwiseConvolution(shape);
        }
        return shape.groups() > 1 ? new GroupedConvolution(shape) : new Convolution(shape);
    }

    @Override
    public FoldedConvolutionKernel foldedConvolution(
            ConvolutionShape shape, INDArray weights, INDArray bias, FoldedConvolutionKernel.Tail tail) {
        requireDense(shape.input());
        requireDense(shape.output());
        return new FoldedConvolution(convolution(shape), shape, weights.dup('c'), bias.dup('c'), tail);
    }

    @Override
    public BatchNormKernel batchNorm(BatchNormShape shape) {
        requireRows(shape.input());
        return new BatchNorm(shape);
    }

    @Override
    public AddReluKernel addRelu(ActivationShape shape) {
        return new AddRelu();
    }

    @Override
    public LinearMapKernel averagePool(PoolShape shape) {
        requireRows(shape.input());
        return new AveragePool(shape.window());
    }

    @Override
    public LinearMapKernel shuffle(ActivationShape shape, int groups) {
        return new Shuffle(shape, groups);
    }

    @Override
    public ConcatKernel concat(ActivationShape first, ActivationShape second, ActivationShape joined) {
        requireRows(first);
        requireRows(second);
        requireRows(joined);
        return new Concat(first.channels());
    }

    private record FoldedConvolution(
            ConvolutionKernel convolution, ConvolutionShape shape, INDArray weights, INDArray bias, Tail tail)
            implements FoldedConvolutionKernel {

        @Override
        public void run(INDArray input, INDArray output) {
            INDArray result =
                    Nd4j.createUninitialized(output.dataType(), shape.output().nhwc());
            convolution.forward(input, weights, result);
            INDArray pixels = result.reshape('c', result.length() / bias.length(), bias.length());
            pixels.addiRowVector(bias);
            if (tail.adds()) {
                result.addi(output);
            }
            output.assign(tail.relu() ? Transforms.relu(result, false) : result);
        }

        @Override
        public void close() {
            convolution.close();
        }
    }

    /** The operations write both gradients, asked or not. */
    private static INDArray orUnused(@Nullable INDArray inputGradient, INDArray input) {
        return inputGradient == null ? Nd4j.createUninitialized(input.dataType(), input.shape()) : inputGradient;
    }

    private record Convolution(ConvolutionShape shape) implements ConvolutionKernel {

        @Override
        public void forward(INDArray input, INDArray weights, INDArray output) {
            Nd4j.exec(operation("conv2d")
                    .addInputs(input, weights)
                    .addOutputs(output)
                    .build());
        }

        @Override
        public void backward(
                INDArray input,
                INDArray weights,
                INDArray outputGradient,
                INDArray weightsGradient,
                @Nullable INDArray inputGradient) {
            Nd4j.exec(operation("conv2d_bp")
                    .addInputs(input, weights, outputGradient)
                    .addOutputs(orUnused(inputGradient, input), weightsGradient)
                    .build());
        }

        private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name) {
            int k = shape.kernel();
            int s = shape.stride();
            int p = shape.padding();
            // kernel, stride, padding, dilation, explicit padding (0), NHWC (1), weights [out, in, kH, kW] (1)
            return DynamicCustomOp.builder(name).addIntegerArguments(k, k, s, s, p, p, 1, 1, 0, 1, 1);
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }

    /** Weights {@code [channels, 1, kernel, kernel]}; the operation wants {@code [kernel, kernel, channels, 1]}. */
    private record DepthwiseConvolution(ConvolutionShape shape) implements ConvolutionKernel {

        @Override
        public void forward(INDArray input, INDArray weights, INDArray output) {
            Nd4j.exec(operation("depthwise_conv2d")
                    .addInputs(input, weights.permute(2, 3, 0, 1).dup('c'))
                    .addOutputs(output)
                    .build());
        }

        @Override
        public void backward(
                INDArray input,
                INDArray weights,
                INDArray outputGradient,
                INDArray weightsGradient,
                @Nullable INDArray inputGradient) {
            INDArray permuted = weights.permute(2, 3, 0, 1).dup('c');
            INDArray gradient = Nd4j.createUninitialized(permuted.dataType(), permuted.shape());
            Nd4j.exec(operation("depthwise_conv2d_bp")
                    .addInputs(input, permuted, outputGradient)
                    .addOutputs(orUnused(inputGradient, input), gradient)
                    .build());
            weightsGradient.assign(gradient.permute(2, 3, 0, 1));
        }

        private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name) {
            int k = shape.kernel();
            int s = shape.stride();
            int p = shape.padding();
            // As a convolution's, but weights [kH, kW, in, 1] (0): the others have no fast kernel.
            return DynamicCustomOp.builder(name).addIntegerArguments(k, k, s, s, p, p, 1, 1, 0, 1, 0);
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }

    /** A convolution for each group, on copies of its channels. */
    private static final class GroupedConvolution implements ConvolutionKernel {
        private final int groups;
        private final Convolution one;

        GroupedConvolution(ConvolutionShape shape) {
            groups = shape.groups();
            ActivationShape in = shape.input();
            one = new Convolution(new ConvolutionShape(
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
                INDArray part = empty(output, one.shape.output().nhwc());
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
                INDArray part = empty(input, one.shape.input().nhwc());
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
                    .reshape('c', one.shape.weights());
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }

    private static final class BatchNorm implements BatchNormKernel {
        private final BatchNormShape shape;
        private final long channels;
        private INDArray mean = Nd4j.empty();
        private INDArray inverseDeviation = Nd4j.empty();

        BatchNorm(BatchNormShape shape) {
            requireDense(shape.input());
            this.shape = shape;
            this.channels = shape.input().channels();
        }

        @Override
        public void train(INDArray input, INDArray parameters, INDArray output) {
            INDArray x = rows(input);
            INDArray variance = x.var(false, 0);
            keep(x.mean(0), variance);
            normalise(x, parameters, rows(output));
            move(part(parameters, 2), mean);
            move(part(parameters, 3), variance.mul(shape.unbiased()));
        }

        /** The backward pass runs when the workspaces of the forward pass have been used again. */
        private void keep(INDArray newMean, INDArray variance) {
            mean = newMean.detach();
            inverseDeviation = Transforms.pow(variance.add(BatchNormShape.EPSILON), -0.5, false)
                    .detach();
        }

        private static void move(INDArray running, INDArray batch) {
            running.muli(1 - BatchNormShape.MOMENTUM).addi(batch.mul(BatchNormShape.MOMENTUM));
        }

        @Override
        public void infer(INDArray input, INDArray parameters, INDArray output) {
            keep(part(parameters, 2), part(parameters, 3));
            normalise(rows(input), parameters, rows(output));
        }

        private void normalise(INDArray x, INDArray parameters, INDArray out) {
            INDArray factor = part(parameters, 0).mul(inverseDeviation);
            INDArray offset = part(parameters, 1).sub(mean.mul(factor));
            out.assign(x).muliRowVector(factor).addiRowVector(offset);
            if (shape.relu()) {
                Transforms.max(out, 0, false);
            }
        }

        @Override
        public void backward(
                INDArray input,
                INDArray output,
                INDArray outputGradient,
                INDArray parameters,
                INDArray inputGradient,
                INDArray gradients) {
            INDArray g = rows(outputGradient);
            if (shape.relu()) {
                g = g.mul(rows(output).gt(0).castTo(g.dataType()));
            }
            INDArray normalised = rows(input).subRowVector(mean).muliRowVector(inverseDeviation);
            INDArray shiftGradient = g.sum(0);
            INDArray scaleGradient = g.mul(normalised).sum(0);
            part(gradients, 0).assign(scaleGradient);
            part(gradients, 1).assign(shiftGradient);
            // Ioffe & Szegedy 2015, section 3: dx = scale/sd * (g - mean(g) - xhat * mean(g * xhat))
            double n = shape.samples();
            INDArray dx = g.subRowVector(shiftGradient.div(n))
                    .subi(normalised.muliRowVector(scaleGradient.div(n)))
                    .muliRowVector(part(parameters, 0).mul(inverseDeviation));
            rows(inputGradient).assign(dx);
        }

        private INDArray rows(INDArray activation) {
            return activation.reshape('c', shape.samples(), channels);
        }

        private INDArray part(INDArray flat, int quarter) {
            return flat.reshape(flat.length()).get(interval(quarter * channels, (quarter + 1) * channels));
        }

        @Override
        public void close() {
            // holds nothing native
        }
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

    private record AveragePool(Window window) implements LinearMapKernel {
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
    private static void requireDense(ActivationShape shape) {
        requireRows(shape);
        if (!shape.isDense()) {
            throw new IllegalArgumentException("ND4J's operations take dense activations, found " + shape);
        }
    }

    /** In blocks and in planes, the last dimension of an array is not its channels. */
    private static void requireRows(ActivationShape shape) {
        shape.requireNoPlanes("ND4J's engine");
        if (shape.inBlocks()) {
            throw new IllegalArgumentException("ND4J's operations take activations pixel after pixel, found " + shape);
        }
    }

    private record Shuffle(ActivationShape shape, int groups) implements LinearMapKernel {
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
