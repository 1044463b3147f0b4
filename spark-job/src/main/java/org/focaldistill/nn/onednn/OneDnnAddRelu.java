package org.focaldistill.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.AddReluKernel;
import org.focaldistill.nn.FloatAddress;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Addition with a fused ReLU on oneDNN; the backward pass needs only the output's sign. Any layout that all its arrays
 * share will do; what lies between pixels is added, too, and means nothing.
 */
final class OneDnnAddRelu implements AddReluKernel {
    private final ActivationShape shape;
    private final OneDnnArgument a;
    private final OneDnnArgument b;
    private final OneDnnArgument output;
    private final OneDnnArgument outputGradient;
    private final OneDnnArgument sumGradient;
    private final OneDnnPrimitive forward;
    private final OneDnnPrimitive backward;

    OneDnnAddRelu(engine cpu, ActivationShape shape) {
        memory.desc data =
                OneDnnConvolution.floats(shape.wholeRows().planesAsImages().nchw(), memory.format_tag.nhwc);
        this.shape = shape;
        a = OneDnnArgument.pointing(cpu, data);
        b = OneDnnArgument.pointing(cpu, data);
        output = OneDnnArgument.pointing(cpu, data);
        outputGradient = OneDnnArgument.pointing(cpu, data);
        sumGradient = OneDnnArgument.pointing(cpu, data);
        forward = forward(cpu, data);
        backward = backward(cpu, data);
    }

    private OneDnnPrimitive forward(engine cpu, memory.desc data) {
        try (primitive_attr attributes = OneDnnPrimitive.attributes();
                post_ops relu = new post_ops();
                binary.desc operation = new binary.desc(algorithm.binary_add, data, data, data)) {
            relu.append_eltwise(1, algorithm.eltwise_relu, 0, 0);
            attributes.set_post_ops(relu);
            try (binary.primitive_desc description = new binary.primitive_desc(operation, attributes, cpu)) {
                OneDnnPrimitive.requireFast("add + ReLU", description);
                return new OneDnnPrimitive("add + ReLU", cpu, description, new binary(description))
                        .with(DNNL_ARG_SRC_0, a)
                        .with(DNNL_ARG_SRC_1, b)
                        .with(DNNL_ARG_DST, output);
            }
        }
    }

    private OneDnnPrimitive backward(engine cpu, memory.desc data) {
        algorithm relu = algorithm.eltwise_relu_use_dst_for_bwd;
        try (primitive_attr attributes = OneDnnPrimitive.attributes();
                eltwise_forward.desc hint = new eltwise_forward.desc(prop_kind.forward_training, relu, data, 0, 0);
                eltwise_forward.primitive_desc hintDescription =
                        new eltwise_forward.primitive_desc(hint, attributes, cpu);
                eltwise_backward.desc operation = new eltwise_backward.desc(relu, data, data, 0, 0);
                eltwise_backward.primitive_desc description =
                        new eltwise_backward.primitive_desc(operation, attributes, cpu, hintDescription)) {
            OneDnnPrimitive.requireFast("the gradient of add + ReLU", description);
            return new OneDnnPrimitive(
                            "the gradient of add + ReLU", cpu, description, new eltwise_backward(description))
                    .with(DNNL_ARG_DST, output)
                    .with(DNNL_ARG_DIFF_DST, outputGradient)
                    .with(DNNL_ARG_DIFF_SRC, sumGradient);
        }
    }

    @Override
    public void forward(INDArray first, INDArray second, INDArray sum) {
        a.at(FloatAddress.of(first, shape));
        b.at(FloatAddress.of(second, shape));
        output.at(FloatAddress.of(sum, shape));
        forward.execute();
    }

    @Override
    public void backward(INDArray sum, INDArray sumOutputGradient, INDArray gradient) {
        output.at(FloatAddress.of(sum, shape));
        outputGradient.at(FloatAddress.of(sumOutputGradient, shape));
        sumGradient.at(FloatAddress.of(gradient, shape));
        backward.execute();
    }

    @Override
    public void close() {
        forward.close();
        backward.close();
        for (OneDnnArgument argument : new OneDnnArgument[] {a, b, output, outputGradient, sumGradient}) {
            argument.close();
        }
    }
}
