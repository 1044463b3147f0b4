package org.focaldistill.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.lang.ref.Reference;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FloatAddress;
import org.focaldistill.nn.FoldedConvolutionKernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A convolution with bias, sum and ReLU as one oneDNN primitive; the weights are laid out for it once. */
final class OneDnnFoldedConvolution implements FoldedConvolutionKernel {
    private final boolean adds;
    private final OneDnnActivation input;
    private final OneDnnActivation output;
    private final OneDnnArgument weights;
    private final OneDnnArgument bias;
    private final OneDnnPrimitive primitive;

    /** @throws SlowImplementationException if there is only a reference implementation */
    OneDnnFoldedConvolution(engine cpu, ConvolutionShape shape, INDArray weightValues, INDArray biasValues, Tail tail) {
        boolean grouped = shape.groups() > 1;
        long[] extents = grouped ? shape.groupedWeights() : shape.weights();
        memory.desc source = OneDnnConvolution.floats(shape.input().nchw(), memory.format_tag.nhwc);
        memory.desc destination = OneDnnConvolution.floats(shape.output().nchw(), memory.format_tag.nhwc);
        adds = tail.adds();
        memory.desc plain =
                OneDnnConvolution.floats(extents, grouped ? memory.format_tag.goihw : memory.format_tag.oihw);
        memory.desc vector = OneDnnConvolution.floats(new long[] {shape.outChannels()}, memory.format_tag.x);
        long[] strides = {shape.stride(), shape.stride()};
        long[] padding = {shape.padding(), shape.padding()};
        try (primitive_attr attributes = OneDnnPrimitive.attributes();
                post_ops after = postOps(tail);
                convolution_forward.desc operation = new convolution_forward.desc(
                        prop_kind.forward_inference,
                        algorithm.convolution_direct,
                        source,
                        OneDnnConvolution.floats(extents, memory.format_tag.any),
                        vector,
                        destination,
                        strides,
                        padding,
                        padding)) {
            attributes.set_post_ops(after);
            try (convolution_forward.primitive_desc description =
                    new convolution_forward.primitive_desc(operation, attributes, cpu)) {
                OneDnnPrimitive.requireFast("the folded " + shape, description);
                input = OneDnnActivation.within(OneDnnScratch.INPUT, cpu, shape.input(), shape.input(), source);
                output =
                        OneDnnActivation.within(OneDnnScratch.OUTPUT, cpu, shape.output(), shape.output(), destination);
                weights = OneDnnArgument.owning(cpu, description.weights_desc());
                bias = OneDnnArgument.owning(cpu, vector);
                try (OneDnnCopy lay = new OneDnnCopy("a weight layout", cpu, plain, description.weights_desc());
                        OneDnnCopy copy = new OneDnnCopy("a bias", cpu, vector, vector)) {
                    lay.run(FloatAddress.ofDense(weightValues), weights.dataAddress());
                    copy.run(FloatAddress.ofDense(biasValues), bias.dataAddress());
                    // Nobody else may know them any more.
                    Reference.reachabilityFence(weightValues);
                    Reference.reachabilityFence(biasValues);
                }
                primitive = new OneDnnPrimitive(
                                "folded convolution", cpu, description, new convolution_forward(description))
                        .with(DNNL_ARG_SRC, input.argument())
                        .with(DNNL_ARG_WEIGHTS, weights)
                        .with(DNNL_ARG_BIAS, bias)
                        .with(DNNL_ARG_DST, output.argument());
            }
        }
    }

    private static post_ops postOps(Tail tail) {
        post_ops after = new post_ops();
        if (tail.adds()) {
            after.append_sum();
        }
        if (tail.relu()) {
            after.append_eltwise(1, algorithm.eltwise_relu, 0, 0);
        }
        return after;
    }

    @Override
    public void run(INDArray images, INDArray result) {
        input.read(images);
        if (adds) {
            output.read(result);
        } else {
            output.write(result);
        }
        primitive.execute();
        output.written(result);
    }

    @Override
    public void close() {
        primitive.close();
        input.close();
        output.close();
        weights.close();
        bias.close();
    }
}
