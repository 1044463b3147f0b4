package org.focaldistill.nn.nd4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.focaldistill.net.Operation.BatchNormalisation;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Batch normalisation in the steps of its formula. */
final class Nd4jBatchNorm implements BatchNormKernel {
    private final BatchNormShape shape;
    private final long channels;
    private INDArray mean = Nd4j.empty();
    private INDArray inverseDeviation = Nd4j.empty();

    Nd4jBatchNorm(BatchNormShape shape) {
        Nd4jLibrary.requireDense(shape.input());
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
        inverseDeviation = Transforms.pow(variance.add(BatchNormalisation.EPSILON), -0.5, false)
                .detach();
    }

    private static void move(INDArray running, INDArray batch) {
        running.muli(1 - BatchNormalisation.MOMENTUM).addi(batch.mul(BatchNormalisation.MOMENTUM));
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
