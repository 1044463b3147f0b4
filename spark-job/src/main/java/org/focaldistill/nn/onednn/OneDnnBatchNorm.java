package org.focaldistill.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.focaldistill.net.Operation.BatchNormalisation;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.focaldistill.nn.FloatAddress;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation (and ReLU, fused) on oneDNN. Scale and shift are read from and their gradients written to the
 * layer's flat vectors in place. The training and the inference primitives are made when first needed.
 *
 * <p>Channel counts that no vector width divides have no compiled kernel for NHWC, only loops 25 to 40 times slower;
 * those are copied into blocks of 16 or 8 channels and back, which takes about as long as the normalisation.
 */
final class OneDnnBatchNorm implements BatchNormKernel {
    /** Channels of oneDNN's longest blocks, {@code nChw16c}. */
    static final int BLOCK = 16;

    private static final memory.format_tag[] LAYOUTS = {
        memory.format_tag.nhwc, memory.format_tag.nChw16c, memory.format_tag.nChw8c
    };

    /** For 16 channels: their array is in both of the first two, and as a block takes three quarters of the time. */
    private static final memory.format_tag[] OF_ONE_BLOCK = {
        memory.format_tag.nChw16c, memory.format_tag.nhwc, memory.format_tag.nChw8c
    };

    private final engine cpu;
    private final BatchNormShape shape;
    /** Of a plane. */
    private final int channels;
    /** What a primitive sees, a plane: channels behind the real ones change nothing in them. */
    private final ActivationShape seen;

    private final memory.desc data;
    private final int flags;
    /** One a plane. */
    private final List<Training> training = new ArrayList<>();

    /** One a plane. */
    private final List<Inference> inference = new ArrayList<>();

    /** @throws SlowImplementationException if any pass has only a reference implementation */
    OneDnnBatchNorm(engine cpu, BatchNormShape shape) {
        this.cpu = cpu;
        this.shape = shape;
        ActivationShape plane = shape.input().plane();
        this.channels = Math.toIntExact(plane.channels());
        this.seen = plane.wholeRows();
        this.flags = normalization_flags.use_scale_shift.value
                | (shape.relu() ? normalization_flags.fuse_norm_relu.value : 0);
        this.data = fastLayout();
        requireFast();
    }

    private void requireFast() {
        try (batch_normalization_forward.primitive_desc ofTraining = describeTraining(data);
                batch_normalization_backward.primitive_desc ofGradient = describeBackward(ofTraining);
                batch_normalization_forward.primitive_desc ofInference = describeInference()) {
            OneDnnPrimitive.requireFast("the training pass of " + shape, ofTraining);
            OneDnnPrimitive.requireFast("the backward pass of " + shape, ofGradient);
            OneDnnPrimitive.requireFast("the inference pass of " + shape, ofInference);
        }
    }

    /** In which layout the primitives run. */
    memory.desc layout() {
        return data;
    }

    /**
     * How many floats the vectors of the compiled kernel have that takes so many channels as they lie, with the ReLU that
     * most layers have; 0 if there is none.
     */
    static int vectorLength(engine cpu, long channels) {
        ActivationShape any = new ActivationShape(1, 8, 8, channels);
        try {
            OneDnnBatchNorm norm = new OneDnnBatchNorm(cpu, new BatchNormShape(any, true));
            return OneDnnActivation.isInPlace(any, norm.data) ? vectorLength(norm.implementation(norm.data)) : 0;
        } catch (SlowImplementationException e) {
            return 0;
        }
    }

    private static int vectorLength(String kernel) {
        if (!kernel.contains("jit")) {
            return 0;
        }
        if (kernel.contains("avx512")) {
            return 16;
        }
        return kernel.contains("avx2") ? 8 : 4;
    }

    private memory.desc fastLayout() {
        for (memory.format_tag layout : seen.channels() == BLOCK ? OF_ONE_BLOCK : LAYOUTS) {
            memory.desc candidate = OneDnnConvolution.floats(seen.nchw(), layout);
            if (hasCompiledKernel(candidate)) {
                return candidate;
            }
        }
        return OneDnnConvolution.floats(seen.nchw(), memory.format_tag.nhwc);
    }

    private boolean hasCompiledKernel(memory.desc layout) {
        return implementation(layout).contains("jit");
    }

    private String implementation(memory.desc layout) {
        try (batch_normalization_forward.primitive_desc description = describeTraining(layout);
                BytePointer implementation = description.impl_info_str()) {
            return implementation.getString();
        }
    }

    @Override
    public void train(INDArray input, INDArray parameters, INDArray output) {
        for (int plane = training.size(); plane < shape.input().planes(); plane++) {
            training.add(new Training(plane));
        }
        for (Training pass : training) {
            pass.forward(input, parameters, output);
        }
    }

    @Override
    public void infer(INDArray input, INDArray parameters, INDArray output) {
        for (int plane = inference.size(); plane < shape.input().planes(); plane++) {
            inference.add(new Inference(plane));
        }
        for (Inference pass : inference) {
            pass.forward(input, parameters, output);
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
        if (training.isEmpty()) {
            throw new IllegalStateException("The backward pass of " + shape + " needs a training pass first");
        }
        for (Training pass : training) {
            pass.backward(input, outputGradient, parameters, inputGradient, gradients);
        }
    }

    @Override
    public void close() {
        training.forEach(Training::close);
        inference.forEach(Inference::close);
    }

    private batch_normalization_forward.primitive_desc describeTraining(memory.desc layout) {
        return describe(layout, prop_kind.forward_training, normalization_flags.none.value);
    }

    private batch_normalization_forward.primitive_desc describeInference() {
        return describe(data, prop_kind.forward_inference, normalization_flags.use_global_stats.value);
    }

    private batch_normalization_forward.primitive_desc describe(memory.desc layout, prop_kind kind, int extraFlags) {
        try (primitive_attr attributes = OneDnnPrimitive.attributes();
                batch_normalization_forward.desc operation = new batch_normalization_forward.desc(
                        kind.value, layout, (float) BatchNormalisation.EPSILON, flags | extraFlags)) {
            return new batch_normalization_forward.primitive_desc(operation, attributes, cpu);
        }
    }

    private batch_normalization_backward.primitive_desc describeBackward(
            batch_normalization_forward.primitive_desc hint) {
        try (primitive_attr attributes = OneDnnPrimitive.attributes();
                batch_normalization_backward.desc operation = new batch_normalization_backward.desc(
                        prop_kind.backward.value, data, data, (float) BatchNormalisation.EPSILON, flags)) {
            return new batch_normalization_backward.primitive_desc(operation, attributes, cpu, hint);
        }
    }

    private OneDnnPaddedVectors vectors(memory.desc description, int count) {
        return new OneDnnPaddedVectors(
                cpu, description, count, channels, shape.input().channels(), seen.channels());
    }

    /** Where a plane's part of the first of a layer's vectors begins, in elements. */
    private long firstOf(int plane) {
        return (long) plane * channels;
    }

    /** Where a plane's part of one of a layer's vectors begins. */
    private long addressOf(INDArray vectors, int vector, int plane) {
        return FloatAddress.ofDense(vectors) + (vector * shape.input().channels() + firstOf(plane)) * Float.BYTES;
    }

    private final class Training implements AutoCloseable {
        private final int plane;
        private final OneDnnPrimitive forward;
        private final OneDnnPrimitive backward;
        private final OneDnnActivation source;
        private final OneDnnActivation destination;
        private final OneDnnPaddedVectors scaleShift;
        private final OneDnnArgument mean;
        private final OneDnnArgument variance;
        private final OneDnnActivation sourceGradient;
        private final OneDnnActivation destinationGradient;
        private final OneDnnPaddedVectors scaleShiftGradient;
        private final @Nullable OneDnnArgument workspace;
        private final FloatPointer batchMean;
        private final FloatPointer batchVariance;

        Training(int plane) {
            this.plane = plane;
            source = OneDnnActivation.of(cpu, shape.input(), plane, seen, data);
            destination = OneDnnActivation.of(cpu, shape.input(), plane, seen, data);
            // The result is delivered when the gradients come, and the backward pass works in place.
            sourceGradient = destination.sharing(cpu, data);
            destinationGradient = destination.sharing(cpu, data);
            try (batch_normalization_forward.primitive_desc description = describeTraining(data)) {
                scaleShift = vectors(description.weights_desc(), 2);
                scaleShiftGradient = vectors(description.weights_desc(), 2);
                mean = OneDnnArgument.pointing(cpu, description.mean_desc());
                variance = OneDnnArgument.pointing(cpu, description.variance_desc());
                workspace = shape.relu() ? OneDnnArgument.owning(cpu, description.workspace_desc()) : null;
                forward = forward(description);
                backward = backward(description);
            }
            batchMean = new FloatPointer(seen.channels());
            batchVariance = new FloatPointer(seen.channels());
            mean.at(batchMean.address());
            variance.at(batchVariance.address());
        }

        private OneDnnPrimitive forward(batch_normalization_forward.primitive_desc description) {
            OneDnnPrimitive primitive = new OneDnnPrimitive(
                    "the training pass of " + shape, cpu, description, new batch_normalization_forward(description));
            primitive.with(DNNL_ARG_SRC, source.argument()).with(DNNL_ARG_DST, destination.argument());
            return withStatistics(primitive);
        }

        private OneDnnPrimitive backward(batch_normalization_forward.primitive_desc hint) {
            try (batch_normalization_backward.primitive_desc description = describeBackward(hint)) {
                OneDnnPrimitive primitive = new OneDnnPrimitive(
                        "the backward pass of " + shape,
                        cpu,
                        description,
                        new batch_normalization_backward(description));
                primitive
                        .with(DNNL_ARG_SRC, source.argument())
                        .with(DNNL_ARG_DIFF_DST, destinationGradient.argument())
                        .with(DNNL_ARG_DIFF_SRC, sourceGradient.argument())
                        .with(DNNL_ARG_DIFF_SCALE_SHIFT, scaleShiftGradient.argument());
                return withStatistics(primitive);
            }
        }

        private OneDnnPrimitive withStatistics(OneDnnPrimitive primitive) {
            primitive
                    .with(DNNL_ARG_SCALE_SHIFT, scaleShift.argument())
                    .with(DNNL_ARG_MEAN, mean)
                    .with(DNNL_ARG_VARIANCE, variance);
            return workspace == null ? primitive : primitive.with(DNNL_ARG_WORKSPACE, workspace);
        }

        void forward(INDArray input, INDArray parameters, INDArray output) {
            source.read(input);
            destination.write(output);
            scaleShift.read(addressOf(parameters, 0, plane));
            forward.execute();
            destination.written(output);
            moveRunningStatistics(parameters);
        }

        private void moveRunningStatistics(INDArray parameters) {
            long means = 2 * shape.input().channels() + firstOf(plane);
            long variances = means + shape.input().channels();
            for (int c = 0; c < channels; c++) {
                move(parameters, means + c, batchMean.get(c));
                move(parameters, variances + c, batchVariance.get(c) * shape.unbiased());
            }
        }

        private static void move(INDArray parameters, long index, double batch) {
            double running = parameters.data().getDouble(index);
            parameters
                    .data()
                    .put(index, (1 - BatchNormalisation.MOMENTUM) * running + BatchNormalisation.MOMENTUM * batch);
        }

        void backward(
                INDArray input,
                INDArray outputGradient,
                INDArray parameters,
                INDArray inputGradient,
                INDArray gradients) {
            source.readAgain(input);
            destinationGradient.read(outputGradient);
            sourceGradient.write(inputGradient);
            scaleShift.read(addressOf(parameters, 0, plane));
            scaleShiftGradient.write(addressOf(gradients, 0, plane));
            backward.execute();
            scaleShiftGradient.written(addressOf(gradients, 0, plane));
            sourceGradient.written(inputGradient);
        }

        @Override
        public void close() {
            forward.close();
            backward.close();
            sourceGradient.close();
            destinationGradient.close();
            source.close();
            destination.close();
            scaleShift.close();
            scaleShiftGradient.close();
            mean.close();
            variance.close();
            if (workspace != null) {
                workspace.close();
            }
            batchMean.close();
            batchVariance.close();
        }
    }

    private final class Inference implements AutoCloseable {
        private final int plane;
        private final OneDnnPrimitive forward;
        private final OneDnnActivation source;
        private final OneDnnActivation destination;
        private final OneDnnPaddedVectors scaleShift;
        private final OneDnnPaddedVectors mean;
        private final OneDnnPaddedVectors variance;

        Inference(int plane) {
            this.plane = plane;
            source = OneDnnActivation.of(cpu, shape.input(), plane, seen, data);
            destination = OneDnnActivation.of(cpu, shape.input(), plane, seen, data);
            try (batch_normalization_forward.primitive_desc description = describeInference()) {
                scaleShift = vectors(description.weights_desc(), 2);
                mean = vectors(description.mean_desc(), 1);
                variance = vectors(description.variance_desc(), 1);
                forward = new OneDnnPrimitive(
                                "the inference pass of " + shape,
                                cpu,
                                description,
                                new batch_normalization_forward(description))
                        .with(DNNL_ARG_SRC, source.argument())
                        .with(DNNL_ARG_DST, destination.argument())
                        .with(DNNL_ARG_SCALE_SHIFT, scaleShift.argument())
                        .with(DNNL_ARG_MEAN, mean.argument())
                        .with(DNNL_ARG_VARIANCE, variance.argument());
            }
        }

        void forward(INDArray input, INDArray parameters, INDArray output) {
            source.read(input);
            destination.write(output);
            scaleShift.read(addressOf(parameters, 0, plane));
            mean.read(addressOf(parameters, 2, plane));
            variance.read(addressOf(parameters, 3, plane));
            forward.execute();
            destination.written(output);
        }

        @Override
        public void close() {
            forward.close();
            source.close();
            destination.close();
            scaleShift.close();
            mean.close();
            variance.close();
        }
    }
}
