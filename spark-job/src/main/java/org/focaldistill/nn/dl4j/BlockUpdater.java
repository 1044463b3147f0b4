package org.focaldistill.nn.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Does what Deeplearning4j's own updater of a graph does, in a few operations a block of parameters: weight decay for all
 * of a block at once, on views that are made once. Its own takes each tensor apart at every step.
 */
final class BlockUpdater extends ComputationGraphUpdater {
    private final transient List<Block> blocks = new ArrayList<>();

    BlockUpdater(ComputationGraph network) {
        super(network);
        INDArray parameters = flat(network.params());
        INDArray gradients = flat(network.getFlattenedGradients());
        for (UpdaterBlock block : getUpdaterBlocks()) {
            if (block.getUpdaterView() != null) {
                blocks.add(new Block(block, part(parameters, block), part(gradients, block), regularization(block)));
            }
        }
    }

    private static INDArray flat(INDArray vector) {
        return vector.reshape(vector.length());
    }

    private static INDArray part(INDArray vector, UpdaterBlock block) {
        return vector.get(NDArrayIndex.interval(block.getParamOffsetStart(), block.getParamOffsetEnd()));
    }

    private static List<Regularization> regularization(UpdaterBlock block) {
        List<List<Regularization>> ofTensors = new ArrayList<>();
        for (ParamState tensor : block.getLayersAndVariablesInBlock()) {
            List<Regularization> own = tensor.getLayer().getConfig().getRegularizationByParam(tensor.getParamName());
            ofTensors.add(Objects.requireNonNullElse(own, List.of()));
        }
        if (ofTensors.stream().distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "Tensors that share an updater must share their regularization, found " + ofTensors);
        }
        return ofTensors.get(0);
    }

    @Override
    public synchronized void update(
            Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
        for (Block block : blocks) {
            block.update(iteration, epoch);
        }
    }

    /** Parameters that lie side by side and are moved alike; those without a block are moved by their gradient alone. */
    private record Block(
            UpdaterBlock own, INDArray parameters, INDArray gradient, List<Regularization> regularization) {

        void update(int iteration, int epoch) {
            apply(Regularization.ApplyStep.BEFORE_UPDATER, iteration, epoch);
            own.getGradientUpdater().applyUpdater(gradient, iteration, epoch);
            apply(Regularization.ApplyStep.POST_UPDATER, iteration, epoch);
        }

        private void apply(Regularization.ApplyStep step, int iteration, int epoch) {
            for (Regularization r : regularization) {
                if (r.applyStep() == step) {
                    double rate = own.getGradientUpdater().getConfig().getLearningRate(iteration, epoch);
                    r.apply(parameters, gradient, rate, iteration, epoch);
                }
            }
        }
    }
}
