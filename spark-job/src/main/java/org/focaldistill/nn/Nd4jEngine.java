package org.focaldistill.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * ND4J's own operations: any data type, any backend. On CUDA libnd4j runs the convolutions on cuDNN; on a CPU this
 * is the reference the faster engine is tested against, and what double precision uses.
 */
final class Nd4jEngine implements Engine {

    @Override
    public String description() {
        return "nd4j operations on " + Nd4j.getBackend().getClass().getSimpleName();
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape) {
        return new Convolution(shape);
    }

    @Override
    public BatchNormKernel batchNorm(BatchNormShape shape) {
        return new BatchNorm(shape);
    }

    @Override
    public AddReluKernel addRelu(ActivationShape shape) {
        return new AddRelu();
    }

    private record Convolution(ConvolutionShape shape) implements ConvolutionKernel {

        @Override
        public void forward(INDArray input, INDArray weights, INDArray output) {
            Nd4j.exec(operation("conv2d")
                    .addInputs(input, weights)
                    .addOutputs(output)
                    .build());
        }

        @Override
        public void backwardData(INDArray input, INDArray weights, INDArray outputGradient, INDArray inputGradient) {
            INDArray unused = Nd4j.createUninitialized(weights.dataType(), weights.shape());
            backward(input, weights, outputGradient, inputGradient, unused);
        }

        @Override
        public void backwardWeights(
                INDArray input, INDArray weights, INDArray outputGradient, INDArray weightsGradient) {
            INDArray unused = Nd4j.createUninitialized(input.dataType(), input.shape());
            backward(input, weights, outputGradient, unused, weightsGradient);
        }

        private void backward(
                INDArray input, INDArray weights, INDArray outputGradient, INDArray inputGradient, INDArray wGradient) {
            Nd4j.exec(operation("conv2d_bp")
                    .addInputs(input, weights, outputGradient)
                    .addOutputs(inputGradient, wGradient)
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
    }

    private static final class BatchNorm implements BatchNormKernel {
        private final BatchNormShape shape;
        private final long channels;
        private INDArray mean = Nd4j.empty();
        private INDArray inverseDeviation = Nd4j.empty();

        BatchNorm(BatchNormShape shape) {
            this.shape = shape;
            this.channels = shape.input().channels();
        }

        @Override
        public void train(INDArray input, INDArray parameters, INDArray output) {
            INDArray x = rows(input);
            INDArray variance = x.var(false, 0);
            keep(x.mean(0), variance);
            normalise(x, parameters, rows(output));
            move(part(parameters, 2), mean);
            move(part(parameters, 3), variance.mul(shape.unbiased()));
        }

        /** The backward pass runs when the workspaces of the forward pass have been used again. */
        private void keep(INDArray newMean, INDArray variance) {
            mean = newMean.detach();
            inverseDeviation = Transforms.pow(variance.add(BatchNormShape.EPSILON), -0.5, false)
                    .detach();
        }

        private static void move(INDArray running, INDArray batch) {
            running.muli(1 - BatchNormShape.MOMENTUM).addi(batch.mul(BatchNormShape.MOMENTUM));
        }

        @Override
        public void infer(INDArray input, INDArray parameters, INDArray output) {
            keep(part(parameters, 2), part(parameters, 3));
            normalise(rows(input), parameters, rows(output));
        }

        private void normalise(INDArray x, INDArray parameters, INDArray out) {
            INDArray factor = part(parameters, 0).mul(inverseDeviation);
            INDArray offset = part(parameters, 1).sub(mean.mul(factor));
            out.assign(x).muliRowVector(factor).addiRowVector(offset);
            if (shape.relu()) {
                Transforms.max(out, 0, false);
            }
        }

        @Override
        public void backward(
                INDArray input,
                INDArray output,
                INDArray outputGradient,
                INDArray parameters,
                INDArray inputGradient,
                INDArray gradients) {
            INDArray g = rows(outputGradient);
            if (shape.relu()) {
                g = g.mul(rows(output).gt(0).castTo(g.dataType()));
            }
            INDArray normalised = rows(input).subRowVector(mean).muliRowVector(inverseDeviation);
            INDArray shiftGradient = g.sum(0);
            INDArray scaleGradient = g.mul(normalised).sum(0);
            part(gradients, 0).assign(scaleGradient);
            part(gradients, 1).assign(shiftGradient);
            // Ioffe & Szegedy 2015, section 3: dx = scale/sd * (g - mean(g) - xhat * mean(g * xhat))
            double n = shape.samples();
            INDArray dx = g.subRowVector(shiftGradient.div(n))
                    .subi(normalised.muliRowVector(scaleGradient.div(n)))
                    .muliRowVector(part(parameters, 0).mul(inverseDeviation));
            rows(inputGradient).assign(dx);
        }

        private INDArray rows(INDArray activation) {
            return activation.reshape('c', shape.samples(), channels);
        }

        private INDArray part(INDArray flat, int quarter) {
            return flat.reshape(flat.length()).get(interval(quarter * channels, (quarter + 1) * channels));
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }

    private static final class AddRelu implements AddReluKernel {
        @Override
        public void forward(INDArray a, INDArray b, INDArray output) {
            a.addi(b, output);
            Transforms.max(output, 0, false);
        }

        @Override
        public void backward(INDArray output, INDArray outputGradient, INDArray sumGradient) {
            outputGradient.muli(output.gt(0).castTo(output.dataType()), sumGradient);
        }

        @Override
        public void close() {
            // holds nothing native
        }
    }
}
