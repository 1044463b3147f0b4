package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.net.Operation.Product;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link Product} with three small matrix products. */
final class ProductLayer extends NodeLayer {
    private static final long serialVersionUID = 1;

    private final transient Product operation;

    ProductLayer(Product operation, NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        this.operation = operation;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray output = matrix(workspaces, ArrayType.ACTIVATIONS, input.size(0), operation.out());
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
