package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.net.Operation;
import org.focaldistill.nn.ActivationShape;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.factory.Nd4j;

/** Runs {@link Operation.ImageMean}: {@code [batch, height, width, channels]} to {@code [batch, channels]}. */
final class ImageMeanLayer extends NodeLayer {
    private static final long serialVersionUID = 1;

    ImageMeanLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        ActivationShape shape = ActivationShape.of(input);
        INDArray output = matrix(workspaces, ArrayType.ACTIVATIONS, shape.batch(), shape.channels());
        if (shape.planes() == 1) {
            pixels(input).mean(output, 1);
        } else {
            INDArray byPlanes = byPlanes(output, shape);
            byPlanes.assign(pixels(input).mean(1).reshape('c', byPlanes.shape()));
        }
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray inputGradient = inputGradient(workspaces);
        ActivationShape shape = ActivationShape.of(inputGradient);
        INDArray dense = shape.isDense() ? inputGradient : Nd4j.createUninitialized(dataType, input.shape());
        INDArray rows = pixels(dense);
        INDArray shares = byPlanes(epsilon.div(rows.size(1)), shape).reshape('c', rows.size(0), rows.size(2));
        Broadcast.copy(rows, shares, rows, 0, 2);
        if (dense != inputGradient) {
            inputGradient.assign(dense);
        }
        return new Pair<>(new DefaultGradient(), inputGradient);
    }

    /** {@code [images, pixels, channels]}, of planes as if they were as many batches. */
    private static INDArray pixels(INDArray activation) {
        ActivationShape shape = ActivationShape.of(activation).planesAsImages();
        return activation.reshape('c', shape.batch(), shape.height() * shape.width(), shape.channels());
    }

    /** A view of {@code [batch, channels]} in the order of {@link #pixels}. */
    private static INDArray byPlanes(INDArray channels, ActivationShape shape) {
        return channels.reshape(
                        'c', shape.batch(), shape.planes(), shape.plane().channels())
                .permute(1, 0, 2);
    }
}
