package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.focaldistill.net.Operation.BatchNormalisation;
import org.focaldistill.nn.ActivationShape;
import org.focaldistill.nn.BatchNormKernel;
import org.focaldistill.nn.BatchNormShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs {@link BatchNormalisation}. */
final class BatchNormLayer extends NodeLayer {
    private static final long serialVersionUID = 1;

    private final transient BatchNormalisation operation;

    private final transient KernelCache<BatchNormKernel> kernels =
            new KernelCache<>(input -> library().batchNorm(shape(input)));

    /**
     * Of the last training pass, for the sign that the ReLU's gradient needs. Without ReLU an {@link AddReluVertex} may
     * have summed in it.
     */
    private transient @Nullable INDArray output;

    BatchNormLayer(BatchNormalisation operation, NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        this.operation = operation;
    }

    private BatchNormShape shape(ActivationShape input) {
        requireChannels(input, operation.channels());
        return new BatchNormShape(input, operation.relu());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        ActivationShape shape = ActivationShape.of(input);
        BatchNormKernel kernel = kernels.forInput(shape);
        INDArray result = activation(workspaces, shape);
        if (training) {
            kernel.train(input, paramsFlattened, result);
            output = result;
        } else {
            kernel.infer(input, paramsFlattened, result);
        }
        return result;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (output == null) {
            throw new IllegalStateException("Cannot run the backward pass of " + layerId() + ": no training pass ran");
        }
        INDArray inputGradient = inputGradient(workspaces);
        ActivationShape shape = ActivationShape.of(input);
        INDArray outputGradient = lyingAs(workspaces, epsilon, shape);
        kernels.forInput(shape)
                .backward(input, output, outputGradient, paramsFlattened, inputGradient, gradientsFlattened);
        return new Pair<>(gradients(), inputGradient);
    }

    @Override
    public void clear() {
        super.clear();
        output = null;
    }

    @Override
    public void close() {
        kernels.close();
    }
}
