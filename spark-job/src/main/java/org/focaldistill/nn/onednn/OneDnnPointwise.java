package org.focaldistill.nn.onednn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.ConvolutionKernel;
import org.focaldistill.nn.ConvolutionShape;
import org.focaldistill.nn.FloatAddress;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 1 x 1 convolution as a matrix product a group, on oneDNN's {@code sgemm}. In NHWC a group's channels of all pixels
 * are a matrix {@code [pixels, channels / groups]} whose rows lie a whole pixel apart, which the product takes as it is;
 * in planes it lies in one piece, which is faster. oneDNN's own convolution needs up to 3 times as long for groups, and
 * would have to copy activations whose rows are longer than their channels.
 */
final class OneDnnPointwise implements ConvolutionKernel {
    private static final byte AS_IT_IS = 'N';
    private static final byte TRANSPOSED = 'T';

    private static final float REPLACING = 0;
    private static final float ADDING = 1;

    private final engine cpu;
    private final ConvolutionShape shape;
    private final int groups;
    private final long pixels;
    private final long inputs;
    private final long outputs;
    private final Matrix input;
    private final Matrix weights;
    private final Matrix output;
    /** Where the transposed gradient has the longer rows, in which a product is faster; null elsewhere. */
    private final @Nullable TransposedGradient transposedGradient;

    /** @throws SlowImplementationException if a small copy has only a reference implementation */
    OneDnnPointwise(engine cpu, ConvolutionShape shape) {
        ActivationShape in = shape.input();
        this.cpu = cpu;
        this.shape = shape;
        groups = shape.groups();
        pixels = in.batch() * in.height() * in.width();
        inputs = in.channels() / groups;
        outputs = shape.outChannels() / groups;
        input = Matrix.of(in, inputs);
        weights = new Matrix(inputs, outputs * inputs);
        output = Matrix.of(shape.output(), outputs);
        transposedGradient = inputs < outputs ? new TransposedGradient() : null;
    }

    /** Whether a convolution can be computed so, and is faster then. */
    static boolean suits(ConvolutionShape shape) {
        return shape.kernel() == 1
                && shape.stride() == 1
                && shape.padding() == 0
                && (shape.groups() > 1 || !shape.isDense());
    }

    @Override
    public void forward(INDArray in, INDArray w, INDArray out) {
        input.at(FloatAddress.of(in, shape.input()));
        weights.at(FloatAddress.ofDense(w));
        output.at(FloatAddress.of(out, shape.output()));
        for (int group = 0; group < groups; group++) {
            multiply(AS_IT_IS, TRANSPOSED, pixels, outputs, inputs, input, weights, REPLACING, output, group);
        }
    }

    @Override
    public void backward(
            INDArray in,
            INDArray w,
            INDArray outputGradient,
            INDArray weightsGradient,
            @Nullable INDArray inputGradient) {
        backwardWeights(in, outputGradient, weightsGradient);
        if (inputGradient != null) {
            backwardData(w, outputGradient, inputGradient, REPLACING);
        }
    }

    @Override
    public boolean addsInputGradients() {
        return true;
    }

    @Override
    public void backwardAdding(
            INDArray in, INDArray w, INDArray outputGradient, INDArray weightsGradient, INDArray inputGradientSum) {
        backwardWeights(in, outputGradient, weightsGradient);
        backwardData(w, outputGradient, inputGradientSum, ADDING);
    }

    private void backwardData(INDArray w, INDArray outputGradient, INDArray inputGradient, float onto) {
        input.at(FloatAddress.of(inputGradient, shape.input()));
        weights.at(FloatAddress.ofDense(w));
        output.at(FloatAddress.of(outputGradient, shape.output()));
        for (int group = 0; group < groups; group++) {
            multiply(AS_IT_IS, AS_IT_IS, pixels, inputs, outputs, output, weights, onto, input, group);
        }
    }

    private void backwardWeights(INDArray in, INDArray outputGradient, INDArray weightsGradient) {
        input.at(FloatAddress.of(in, shape.input()));
        output.at(FloatAddress.of(outputGradient, shape.output()));
        TransposedGradient transposed = transposedGradient;
        if (transposed == null) {
            weights.at(FloatAddress.ofDense(weightsGradient));
            for (int group = 0; group < groups; group++) {
                multiply(TRANSPOSED, AS_IT_IS, outputs, inputs, pixels, output, input, REPLACING, weights, group);
            }
            return;
        }
        for (int group = 0; group < groups; group++) {
            multiply(TRANSPOSED, AS_IT_IS, inputs, outputs, pixels, input, output, REPLACING, transposed.matrix, group);
        }
        transposed.copyTo(weightsGradient);
    }

    /**
     * {@code result [rows, columns] = left [rows, inner] right [inner, columns] + onto result}, left and right transposed
     * before if so said.
     */
    private void multiply(
            byte ofLeft,
            byte ofRight,
            long rows,
            long columns,
            long inner,
            Matrix left,
            Matrix right,
            float onto,
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
                onto,
                result.of(group),
                result.rowLength);
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN's matrix product for " + shape + " failed with status " + status);
        }
    }

    @Override
    public void close() {
        if (transposedGradient != null) {
            transposedGradient.close();
        }
        input.close();
        weights.close();
        output.close();
    }

    /** Room for the weights' gradient as {@code [groups, in / groups, out / groups]}. */
    private final class TransposedGradient implements AutoCloseable {
        private final FloatPointer values = new FloatPointer(groups * inputs * outputs);
        private final Matrix matrix = new Matrix(outputs, inputs * outputs);
        private final OneDnnCopy transposition;

        TransposedGradient() {
            matrix.at(values.address());
            transposition = new OneDnnCopy(
                    "a transposed gradient of weights",
                    cpu,
                    new long[] {groups, outputs, inputs},
                    new long[] {inputs * outputs, 1, outputs},
                    new long[] {inputs * outputs, inputs, 1});
        }

        void copyTo(INDArray weightsGradient) {
            transposition.run(values.address(), FloatAddress.ofDense(weightsGradient));
        }

        @Override
        public void close() {
            transposition.close();
            matrix.close();
            values.close();
        }
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

        /** A group's channels, which are a plane of their own or behind those of the group before in the same row. */
        static Matrix of(ActivationShape activation, long channels) {
            return new Matrix(activation.rowLength(), activation.planes() > 1 ? activation.planeElements() : channels);
        }

        void at(long values) {
            array = values;
        }

        Matrix of(int group) {
            address = array + group * betweenGroups * Float.BYTES;
            return this;
        }
    }
}
