package org.focaldistill.nn.winograd;

import java.lang.ref.Reference;
import org.focaldistill.nn.Alignment;
import org.focaldistill.nn.FloatAddress;
import org.focaldistill.nn.FoldedConvolutionKernel;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A convolution with bias, sum and ReLU, its weights transformed once: four times their size. */
final class WinogradFoldedConvolution implements FoldedConvolutionKernel {
    private final WinogradCalls calls;
    private final Tail tail;
    private final INDArray transformed;
    private final INDArray bias;

    WinogradFoldedConvolution(WinogradCalls calls, INDArray weights, INDArray bias, Tail tail) {
        this.calls = calls;
        this.tail = tail;
        this.bias = bias.dup('c').detach();
        long floats = calls.transformedBytes() / Float.BYTES;
        transformed = Nd4j.createUninitializedDetached(weights.dataType(), Alignment.lengthFor(floats));
        calls.transform(FloatAddress.ofDense(weights), transformedAddress());
        // Nobody else may know them any more.
        Reference.reachabilityFence(weights);
    }

    private long transformedAddress() {
        return Alignment.next(FloatAddress.ofDense(transformed));
    }

    @Override
    public void run(INDArray input, INDArray output) {
        calls.forward(
                FloatAddress.of(input, calls.shape().input()),
                transformedAddress(),
                FloatAddress.ofDense(bias),
                FloatAddress.of(output, calls.shape().output()),
                tail);
    }

    @Override
    public void close() {
        transformed.close();
        bias.close();
    }
}
