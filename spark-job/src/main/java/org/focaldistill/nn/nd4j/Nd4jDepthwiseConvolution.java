package org.focaldistill.nn.nd4j;

import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Weights {@code [channels, 1, kernel, kernel]}; the operation wants {@code [kernel, kernel, channels, 1]}. */
record Nd4jDepthwiseConvolution(ConvolutionShape shape) implements ConvolutionKernel {

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
                .addOutputs(Nd4jConvolution.orUnused(inputGradient, input), gradient)
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
