package org.focaldistill.nn.nd4j;

import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FoldedConvolutionKernel;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A convolution and what follows it, one after the other. */
record Nd4jFoldedConvolution(
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
