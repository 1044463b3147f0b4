package org.focaldistill.nn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A grouped 1 x 1 convolution as a matrix product a group, on oneDNN's {@code sgemm}. In NHWC a group's channels of all
 * pixels are a matrix {@code [pixels, channels / groups]} whose rows lie a whole pixel apart, which the product takes as
 * it is. oneDNN's own convolution needs up to 1.7 times as long for such shapes, except where a product's result has few
 * columns: passes of that kind are left to it.
 */
final class OneDnnGroupedPointwise implements ConvolutionKernel {
    /** A product with fewer columns, as the 20 of ShuffleNet's 16 x 16 layers, is slower than the convolution. */
    private static final int FEWEST_COLUMNS = 40;

    private static final byte AS_IT_IS = 'N';
    private static final byte TRANSPOSED = 'T';

    private final ConvolutionShape shape;
    private final ConvolutionKernel convolution;
    private final int groups;
    private final long pixels;
    private final long inputs;
    private final long outputs;
    private final Matrix input;
    private final Matrix weights;
    private final Matrix output;

    /** @param convolution for the passes that no product is faster in; closed with this */
    OneDnnGroupedPointwise(ConvolutionShape shape, ConvolutionKernel convolution) {
        ActivationShape in = shape.input();
        this.shape = shape;
        this.convolution = convolution;
        groups = shape.groups();
        pixels = in.batch() * in.height() * in.width();
        inputs = in.channels() / groups;
        outputs = shape.outChannels() / groups;
        input = new Matrix(in.channels(), inputs);
        weights = new Matrix(inputs, outputs * inputs);
        output = new Matrix(shape.outChannels(), outputs);
    }

    /** Whether this is the faster way for any pass of a convolution. */
    static boolean suits(ConvolutionShape shape) {
        return shape.groups() > 1
                && shape.kernel() == 1
                && shape.stride() == 1
                && shape.padding() == 0
                && Math.max(shape.input().channels(), shape.outChannels()) / shape.groups() >= FEWEST_COLUMNS;
    }

    @Override
    public void forward(INDArray in, INDArray w, INDArray out) {
        if (outputs < FEWEST_COLUMNS) {
            convolution.forward(in, w, out);
            return;
        }
        input.at(in);
        weights.at(w);
        output.at(out);
        for (int group = 0; group < groups; group++) {
            multiply(AS_IT_IS, TRANSPOSED, pixels, outputs, inputs, input, weights, output, group);
        }
    }

    @Override
    public void backwardData(INDArray in, INDArray w, INDArray outputGradient, INDArray inputGradient) {
        if (inputs < FEWEST_COLUMNS) {
            convolution.backwardData(in, w, outputGradient, inputGradient);
            return;
        }
        input.at(inputGradient);
        weights.at(w);
        output.at(outputGradient);
        for (int group = 0; group < groups; group++) {
            multiply(AS_IT_IS, AS_IT_IS, pixels, inputs, outputs, output, weights, input, group);
        }
    }

    @Override
    public void backwardWeights(INDArray in, INDArray w, INDArray outputGradient, INDArray weightsGradient) {
        if (inputs < FEWEST_COLUMNS) {
            convolution.backwardWeights(in, w, outputGradient, weightsGradient);
            return;
        }
        input.at(in);
        weights.at(weightsGradient);
        output.at(outputGradient);
        for (int group = 0; group < groups; group++) {
            multiply(TRANSPOSED, AS_IT_IS, outputs, inputs, pixels, output, input, weights, group);
        }
    }

    /** {@code result [rows, columns] = left [rows, inner] right [inner, columns]}, either of them transposed before. */
    private void multiply(
            byte ofLeft,
            byte ofRight,
            long rows,
            long columns,
            long inner,
            Matrix left,
            Matrix right,
            Matrix result,
            int group) {
        int status = dnnl.dnnl_sgemm(
                ofLeft,
                ofRight,
                rows,
                columns,
                inner,
                1,
                left.of(group),
                left.rowLength,
                right.of(group),
                right.rowLength,
                0,
                result.of(group),
                result.rowLength);
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN's matrix product for " + shape + " failed with status " + status);
        }
    }

    @Override
    public void close() {
        convolution.close();
        input.close();
        weights.close();
        output.close();
    }

    /** One group's part of an array, by rows. */
    private static final class Matrix extends FloatPointer {
        private final long rowLength;
        private final long betweenGroups;
        private long array;

        /**
         * @param rowLength elements from one row to the next
         * @param betweenGroups elements from one group's first to the next one's
         */
        Matrix(long rowLength, long betweenGroups) {
            this.rowLength = rowLength;
            this.betweenGroups = betweenGroups;
        }

        void at(INDArray values) {
            array = OneDnnArgument.denseAddressOf(values);
        }

        Matrix of(int group) {
            address = array + group * betweenGroups * Float.BYTES;
            return this;
        }
    }
}
