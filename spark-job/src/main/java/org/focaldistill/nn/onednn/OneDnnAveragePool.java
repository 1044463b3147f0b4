package org.focaldistill.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive_attr;
import org.focaldistill.nn.FixedMapKernel;
import org.focaldistill.nn.FloatAddress;
import org.focaldistill.nn.PoolShape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Average pooling on oneDNN. */
final class OneDnnAveragePool implements FixedMapKernel {
    private final PoolShape shape;
    private final OneDnnArgument source;
    private final OneDnnArgument destination;
    private final OneDnnPrimitive forward;
    private final OneDnnPrimitive backward;

    OneDnnAveragePool(engine cpu, PoolShape shape) {
        this.shape = shape;
        memory.desc input = OneDnnConvolution.floats(
                shape.input().wholeRows().planesAsImages().nchw(), memory.format_tag.nhwc);
        memory.desc output = OneDnnConvolution.floats(
                shape.output().wholeRows().planesAsImages().nchw(), memory.format_tag.nhwc);
        long[] strides = twice(shape.window().stride());
        long[] kernel = twice(shape.window().size());
        long[] padding = twice(shape.window().padding());
        algorithm mean = algorithm.pooling_avg_include_padding;
        source = OneDnnArgument.pointing(cpu, input);
        destination = OneDnnArgument.pointing(cpu, output);
        try (primitive_attr attributes = OneDnnPrimitive.attributes();
                pooling_forward.desc operation = new pooling_forward.desc(
                        prop_kind.forward_training, mean, input, output, strides, kernel, padding, padding);
                pooling_forward.primitive_desc description =
                        new pooling_forward.primitive_desc(operation, attributes, cpu);
                pooling_backward.desc gradient =
                        new pooling_backward.desc(mean, input, output, strides, kernel, padding, padding);
                pooling_backward.primitive_desc gradientDescription =
                        new pooling_backward.primitive_desc(gradient, attributes, cpu, description)) {
            OneDnnPrimitive.requireFast(shape.toString(), description);
            OneDnnPrimitive.requireFast("the gradient of " + shape, gradientDescription);
            forward = new OneDnnPrimitive("average pooling", cpu, description, new pooling_forward(description))
                    .with(DNNL_ARG_SRC, source)
                    .with(DNNL_ARG_DST, destination);
            backward = new OneDnnPrimitive(
                            "the gradient of average pooling",
                            cpu,
                            gradientDescription,
                            new pooling_backward(gradientDescription))
                    .with(DNNL_ARG_DIFF_SRC, source)
                    .with(DNNL_ARG_DIFF_DST, destination);
        }
    }

    private static long[] twice(long value) {
        return new long[] {value, value};
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        source.at(FloatAddress.of(input, shape.input()));
        destination.at(FloatAddress.of(output, shape.output()));
        forward.execute();
    }

    @Override
    public void backward(INDArray outputGradient, INDArray inputGradient) {
        source.at(FloatAddress.of(inputGradient, shape.input()));
        destination.at(FloatAddress.of(outputGradient, shape.output()));
        backward.execute();
    }

    @Override
    public void close() {
        forward.close();
        backward.close();
        source.close();
        destination.close();
    }
}
