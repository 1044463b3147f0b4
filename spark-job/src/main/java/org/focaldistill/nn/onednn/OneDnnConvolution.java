package org.focaldistill.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.Arrays;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FloatAddress;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A direct convolution on oneDNN: activations NHWC, weights in whatever layout each primitive prefers, reordered from and to
 * PyTorch's layout around it (under 0.03 ms a layer). The backward primitives are made when first needed.
 */
final class OneDnnConvolution implements ConvolutionKernel {
    private final engine cpu;
    private final ConvolutionShape shape;
    /** What the primitives compute. */
    private final ConvolutionShape seen;

    private final long[] strides;
    private final long[] padding;
    private final memory.desc source;
    private final memory.desc destination;
    private final memory.desc anyWeights;
    private final memory.desc plainWeights;
    private final convolution_forward.primitive_desc forwardDescription;
    private final convolution_backward_data.primitive_desc dataDescription;
    private final convolution_backward_weights.primitive_desc weightsDescription;
    private final Pass forward;
    private @Nullable Pass backwardData;
    private @Nullable Pass backwardWeights;

    /** @throws SlowImplementationException if any of the three passes has only a reference implementation */
    OneDnnConvolution(engine cpu, ConvolutionShape shape) {
        this.cpu = cpu;
        this.shape = shape;
        strides = new long[] {shape.stride(), shape.stride()};
        padding = new long[] {shape.padding(), shape.padding()};
        seen = shape.wholeRows();
        source = floats(seen.input().nchw(), memory.format_tag.nhwc);
        destination = floats(seen.output().nchw(), memory.format_tag.nhwc);
        boolean grouped = seen.groups() > 1;
        long[] weights = grouped ? seen.groupedWeights() : seen.weights();
        anyWeights = floats(weights, memory.format_tag.any);
        plainWeights = floats(weights, grouped ? memory.format_tag.goihw : memory.format_tag.oihw);
        try (primitive_attr attributes = OneDnnPrimitive.attributes()) {
            forwardDescription = describeForward(attributes);
            dataDescription = describeBackwardData(attributes);
            weightsDescription = describeBackwardWeights(attributes);
        }
        forward = forwardPass();
    }

    private convolution_forward.primitive_desc describeForward(primitive_attr attributes) {
        try (convolution_forward.desc operation = new convolution_forward.desc(
                prop_kind.forward_training,
                algorithm.convolution_direct,
                source,
                anyWeights,
                destination,
                strides,
                padding,
                padding)) {
            return OneDnnPrimitive.requireFast(
                    "the forward pass of " + shape, new convolution_forward.primitive_desc(operation, attributes, cpu));
        }
    }

    private convolution_backward_data.primitive_desc describeBackwardData(primitive_attr attributes) {
        try (convolution_backward_data.desc operation = new convolution_backward_data.desc(
                algorithm.convolution_direct, source, anyWeights, destination, strides, padding, padding)) {
            return OneDnnPrimitive.requireFast(
                    "the data gradient of " + shape,
                    new convolution_backward_data.primitive_desc(operation, attributes, cpu, forwardDescription));
        }
    }

    private convolution_backward_weights.primitive_desc describeBackwardWeights(primitive_attr attributes) {
        try (convolution_backward_weights.desc operation = new convolution_backward_weights.desc(
                algorithm.convolution_direct, source, anyWeights, destination, strides, padding, padding)) {
            return OneDnnPrimitive.requireFast(
                    "the weights gradient of " + shape,
                    new convolution_backward_weights.primitive_desc(operation, attributes, cpu, forwardDescription));
        }
    }

    static memory.desc floats(long[] dimensions, memory.format_tag layout) {
        return new memory.desc(dimensions, memory.data_type.f32, layout);
    }

    private Pass forwardPass() {
        Pass pass = new Pass(
                new OneDnnPrimitive(
                        "convolution", cpu, forwardDescription, new convolution_forward(forwardDescription)),
                forwardDescription.weights_desc(),
                true);
        pass.primitive
                .with(DNNL_ARG_SRC, pass.input.argument())
                .with(DNNL_ARG_WEIGHTS, pass.weights)
                .with(DNNL_ARG_DST, pass.output.argument());
        return pass;
    }

    private Pass backwardDataPass() {
        Pass pass = new Pass(
                new OneDnnPrimitive(
                        "convolution data gradient",
                        cpu,
                        dataDescription,
                        new convolution_backward_data(dataDescription)),
                dataDescription.weights_desc(),
                true);
        pass.primitive
                .with(DNNL_ARG_DIFF_SRC, pass.input.argument())
                .with(DNNL_ARG_WEIGHTS, pass.weights)
                .with(DNNL_ARG_DIFF_DST, pass.output.argument());
        return pass;
    }

    private Pass backwardWeightsPass() {
        Pass pass = new Pass(
                new OneDnnPrimitive(
                        "convolution weights gradient",
                        cpu,
                        weightsDescription,
                        new convolution_backward_weights(weightsDescription)),
                weightsDescription.diff_weights_desc(),
                false);
        pass.primitive
                .with(DNNL_ARG_SRC, pass.input.argument())
                .with(DNNL_ARG_DIFF_WEIGHTS, pass.weights)
                .with(DNNL_ARG_DIFF_DST, pass.output.argument());
        return pass;
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        forward.input.read(input);
        forward.output.write(output);
        forward.run(weights);
        forward.output.written(output);
    }

    @Override
    public void backward(
            INDArray input,
            INDArray weights,
            INDArray outputGradient,
            INDArray weightsGradient,
            @Nullable INDArray inputGradient) {
        Pass ofWeights = backwardWeights == null ? backwardWeightsPass() : backwardWeights;
        backwardWeights = ofWeights;
        ofWeights.input.read(input);
        ofWeights.output.read(outputGradient);
        ofWeights.run(weightsGradient);
        if (inputGradient == null) {
            return;
        }
        Pass ofData = backwardData == null ? backwardDataPass() : backwardData;
        backwardData = ofData;
        // The weights' pass left its copy in the room that both share, and both want the same layout.
        ofData.output.readAgain(outputGradient);
        ofData.input.write(inputGradient);
        ofData.run(weights);
        ofData.input.written(inputGradient);
    }

    @Override
    public void close() {
        forward.close();
        if (backwardData != null) {
            backwardData.close();
        }
        if (backwardWeights != null) {
            backwardWeights.close();
        }
        forwardDescription.close();
        dataDescription.close();
        weightsDescription.close();
    }

    /** A primitive, its activations and the reorder between PyTorch's weights and the layout it wants. */
    private final class Pass implements AutoCloseable {
        private final OneDnnPrimitive primitive;
        /** What the convolution reads, or its gradient. */
        private final OneDnnActivation input;
        /** What it writes, or its gradient. */
        private final OneDnnActivation output;

        private final OneDnnArgument weights;
        private final OneDnnPaddedVectors plain;
        private final @Nullable OneDnnPrimitive reorder;
        private final boolean readsWeights;

        /**
         * @param preferred the primitive's layout of weights
         * @param readsWeights whether it reads weights; else it writes their gradient
         */
        Pass(OneDnnPrimitive primitive, memory.desc preferred, boolean readsWeights) {
            this.primitive = primitive;
            input = OneDnnActivation.within(OneDnnScratch.INPUT, cpu, shape.input(), seen.input(), source);
            output = OneDnnActivation.within(OneDnnScratch.OUTPUT, cpu, shape.output(), seen.output(), destination);
            this.readsWeights = readsWeights;
            // Weights are read and written output by output: those of channels that there are not come last.
            plain = new OneDnnPaddedVectors(cpu, plainWeights, 1, length(shape), length(shape), length(seen));
            if (preferred.equals(plainWeights)) {
                weights = plain.argument();
                reorder = null;
            } else {
                weights = OneDnnArgument.owning(cpu, preferred);
                reorder = readsWeights
                        ? reordering(plainWeights, plain.argument(), preferred, weights)
                        : reordering(preferred, weights, plainWeights, plain.argument());
            }
        }

        private static long length(ConvolutionShape shape) {
            return Arrays.stream(shape.weights()).reduce(1, (a, b) -> a * b);
        }

        private OneDnnPrimitive reordering(
                memory.desc from, OneDnnArgument source, memory.desc to, OneDnnArgument target) {
            try (primitive_attr attributes = OneDnnPrimitive.attributes();
                    reorder.primitive_desc description =
                            new reorder.primitive_desc(cpu, from, cpu, to, attributes, false)) {
                return new OneDnnPrimitive("a weight reorder of " + shape, cpu, description, new reorder(description))
                        .with(DNNL_ARG_FROM, source)
                        .with(DNNL_ARG_TO, target);
            }
        }

        /** Runs on activations that are in place. */
        void run(INDArray weightsArray) {
            long address = FloatAddress.ofDense(weightsArray);
            if (readsWeights) {
                plain.read(address);
            } else {
                plain.write(address);
            }
            if (reorder != null && readsWeights) {
                reorder.execute();
            }
            primitive.execute();
            if (reorder != null && !readsWeights) {
                reorder.execute();
            }
            if (!readsWeights) {
                plain.written(address);
            }
        }

        @Override
        public void close() {
            if (reorder != null) {
                reorder.close();
                weights.close();
            }
            primitive.close();
            input.close();
            output.close();
            plain.close();
        }
    }
}
