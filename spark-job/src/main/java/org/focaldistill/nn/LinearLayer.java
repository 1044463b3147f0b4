package org.focaldistill.nn;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link Linear} with three small matrix products. */
final class LinearLayer extends NativeLayerImpl<Linear> {
    private static final long serialVersionUID = 1;

    LinearLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray output = matrix(
                workspaces, ArrayType.ACTIVATIONS, input.size(0), layerConf().out());
        input.mmuli(tensor("weight").transpose(), output);
        return output.addiRowVector(tensor("bias"));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        epsilon.transpose().mmuli(input, gradientOf("weight"));
        epsilon.sum(gradientOf("bias"), 0);
        INDArray inputGradient = matrix(workspaces, ArrayType.ACTIVATION_GRAD, input.shape());
        epsilon.mmuli(tensor("weight"), inputGradient);
        return new Pair<>(gradients(), inputGradient);
    }
}
