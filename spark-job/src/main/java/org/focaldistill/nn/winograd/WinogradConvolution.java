package org.focaldistill.nn.winograd;

import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.FloatAddress;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A convolution in training, whose weights are transformed anew at every call. */
record WinogradConvolution(WinogradCalls calls) implements ConvolutionKernel {
    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        calls.forward(ofInput(input), FloatAddress.ofDense(weights), ofOutput(output));
    }

    @Override
    public void backward(
            INDArray input,
            INDArray weights,
            INDArray outputGradient,
            INDArray weightsGradient,
            @Nullable INDArray inputGradient) {
        backwardWeights(input, outputGradient, weightsGradient);
        if (inputGradient != null) {
            backwardData(weights, outputGradient, inputGradient, false);
        }
    }

    @Override
    public boolean addsInputGradients() {
        return true;
    }

    @Override
    public void backwardAdding(
            INDArray input,
            INDArray weights,
            INDArray outputGradient,
            INDArray weightsGradient,
            INDArray inputGradientSum) {
        backwardWeights(input, outputGradient, weightsGradient);
        backwardData(weights, outputGradient, inputGradientSum, true);
    }

    private void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightsGradient) {
        calls.backwardWeights(ofInput(input), ofOutput(outputGradient), FloatAddress.ofDense(weightsGradient));
    }

    private void backwardData(INDArray weights, INDArray outputGradient, INDArray inputGradient, boolean adds) {
        calls.backwardData(ofOutput(outputGradient), FloatAddress.ofDense(weights), ofInput(inputGradient), adds);
    }

    private long ofInput(INDArray activation) {
        return FloatAddress.of(activation, calls.shape().input());
    }

    private long ofOutput(INDArray activation) {
        return FloatAddress.of(activation, calls.shape().output());
    }

    @Override
    public void close() {
        // All its memory is the thread's.
    }
}
