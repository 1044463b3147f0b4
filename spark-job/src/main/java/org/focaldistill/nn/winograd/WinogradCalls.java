package org.focaldistill.nn.winograd;

import java.util.function.LongUnaryOperator;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FoldedConvolutionKernel.Tail;

/**
 * The kernels' calls for one shape; arrays are addresses of floats.
 *
 * @param scratch see {@link Winograd#load}
 */
record WinogradCalls(WinogradFunctions functions, LongUnaryOperator scratch, ConvolutionShape shape) {
    private static final Tail ALONE = new Tail(false, false);
    private static final long NO_BIAS = 0;

    /** Bytes of the weights as {@link #transform} makes them. */
    long transformedBytes() {
        return functions.weights_floats(in(), out()) * Float.BYTES;
    }

    void transform(long weights, long transformed) {
        functions.transform_weights(weights, transformed, in(), out(), 0);
    }

    /** The output, with weights as {@link #transform} makes them. */
    void forward(long input, long transformed, long bias, long output, Tail tail) {
        convolve(input, transformed, bias, output, in(), out(), tail, scratch.applyAsLong(scratchBytes()));
    }

    /** The output, with weights as they are. */
    void forward(long input, long weights, long output) {
        long room = scratch.applyAsLong(transformedBytes() + scratchBytes());
        transform(weights, room);
        convolve(input, room, NO_BIAS, output, in(), out(), ALONE, room + transformedBytes());
    }

    /** The gradient in the input, with weights as they are. */
    void backwardData(long outputGradient, long weights, long inputGradient, boolean adds) {
        long room = scratch.applyAsLong(transformedBytes() + scratchBytes());
        functions.transform_weights(weights, room, out(), in(), 1);
        Tail tail = new Tail(adds, false);
        convolve(outputGradient, room, NO_BIAS, inputGradient, out(), in(), tail, room + transformedBytes());
    }

    void backwardWeights(long input, long outputGradient, long weightsGradient) {
        functions.weights_gradient(
                input,
                outputGradient,
                weightsGradient,
                shape.input().batch(),
                shape.input().height(),
                shape.input().width(),
                in(),
                out(),
                scratch.applyAsLong(scratchBytes()));
    }

    private void convolve(
            long input, long transformed, long bias, long output, long from, long to, Tail tail, long room) {
        functions.forward(
                input,
                transformed,
                bias,
                output,
                shape.input().batch(),
                shape.input().height(),
                shape.input().width(),
                from,
                to,
                tail.adds() ? 1 : 0,
                tail.relu() ? 1 : 0,
                room);
    }

    private long scratchBytes() {
        return functions.scratch_floats(in(), out()) * Float.BYTES;
    }

    private long in() {
        return shape.input().channels();
    }

    private long out() {
        return shape.outChannels();
    }
}
