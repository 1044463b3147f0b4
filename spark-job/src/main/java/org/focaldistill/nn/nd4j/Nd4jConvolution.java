package org.focaldistill.nn.nd4j;

import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** A convolution without groups. */
record Nd4jConvolution(ConvolutionShape shape) implements ConvolutionKernel {

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        Nd4j.exec(
                operation("conv2d").addInputs(input, weights).addOutputs(output).build());
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

    /** The operations write both gradients, asked or not. */
    static INDArray orUnused(@Nullable INDArray inputGradient, INDArray input) {
        return inputGradient == null ? Nd4j.createUninitialized(input.dataType(), input.shape()) : inputGradient;
    }
}
