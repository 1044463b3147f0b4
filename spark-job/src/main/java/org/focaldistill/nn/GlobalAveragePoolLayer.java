package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.factory.Nd4j;

/** Runs {@link GlobalAveragePool}. */
final class GlobalAveragePoolLayer extends NativeLayerImpl<GlobalAveragePool> {
    private static final long serialVersionUID = 1;

    GlobalAveragePoolLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray output = activation(workspaces, input.size(0), input.size(3));
        pixels(input).mean(output, 1);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray inputGradient = activationGradient(workspaces, input.shape());
        INDArray dense = ActivationShape.of(inputGradient).isDense()
                ? inputGradient
                : Nd4j.createUninitialized(dataType, input.shape());
        INDArray rows = pixels(dense);
        Broadcast.copy(rows, epsilon.div(rows.size(1)), rows, 0, 2);
        if (dense != inputGradient) {
            inputGradient.assign(dense);
        }
        return new Pair<>(new DefaultGradient(), inputGradient);
    }

    private static INDArray pixels(INDArray activation) {
        ActivationShape shape = ActivationShape.of(activation);
        return activation.reshape('c', shape.batch(), shape.height() * shape.width(), shape.channels());
    }

    @Override
    public long numParams() {
        return 0;
    }
}
