package org.focaldistill.nn.dl4j;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.focaldistill.net.ParameterSpec;
import org.focaldistill.weights.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The heavy ball's velocities, which Deeplearning4j keeps in one vector: in the order it runs the nodes in, which behind a
 * branch is not the network's.
 */
public final class Velocities {
    private Velocities() {}

    /** Copies of them, by the name of the tensor they move. */
    public static Map<String, Tensor> read(ComputationGraph network) {
        Map<String, INDArray> views = views(network);
        Map<String, Tensor> velocities = new LinkedHashMap<>();
        StateDict.trained(network).forEach((name, tensor) -> {
            INDArray view = Objects.requireNonNull(views.get(name));
            velocities.put(
                    name, new Tensor(tensor.shape().clone(), view.dup().data().asFloat()));
        });
        return velocities;
    }

    /** Writes velocities whose names and shapes are known to be the network's: ND4J does not look at lengths. */
    public static void write(ComputationGraph network, Map<String, Tensor> velocities) {
        views(network).forEach((name, target) -> assign(target, Objects.requireNonNull(velocities.get(name))));
    }

    /** Writes velocities as checkpoints of format 1 hold them: one behind the other in the network's order, whatever their names. */
    static void writeEarlier(ComputationGraph network, Map<String, Tensor> velocities) {
        INDArray vector = vector(network);
        long from = 0;
        for (String name : StateDict.trained(network).keySet()) {
            Tensor piece = Objects.requireNonNull(velocities.get(name));
            long to = from + piece.values().length;
            assign(vector.get(NDArrayIndex.interval(from, to)), piece);
            from = to;
        }
    }

    private static void assign(INDArray target, Tensor source) {
        float[] values = source.values();
        target.assign(Nd4j.create(values, new long[] {values.length}, 'c').castTo(target.dataType()));
    }

    private static Map<String, INDArray> views(ComputationGraph network) {
        INDArray vector = vector(network);
        Map<String, INDArray> views = new LinkedHashMap<>();
        for (UpdaterBlock block : network.getUpdater(true).getUpdaterBlocks()) {
            if (block.getUpdaterViewOffsetEnd() == block.getUpdaterViewOffsetStart()) {
                continue; // running statistics
            }
            for (ParamState tensor : block.getLayersAndVariablesInBlock()) {
                long from = block.getUpdaterViewOffsetStart() - block.getParamOffsetStart();
                views.put(
                        stateDictName(tensor),
                        vector.get(NDArrayIndex.interval(
                                from + tensor.getParamOffsetStart(), from + tensor.getParamOffsetEnd())));
            }
        }
        return views;
    }

    private static String stateDictName(ParamState tensor) {
        if (tensor.getLayer() instanceof LayerVertex vertex && vertex.getLayer() instanceof NodeLayer layer) {
            for (ParameterSpec spec : layer.node().parameters()) {
                if (Parameters.key(spec).equals(tensor.getParamName())) {
                    return spec.name();
                }
            }
        }
        throw new IllegalStateException(tensor.getLayer() + " has no tensor " + tensor.getParamName());
    }

    private static INDArray vector(ComputationGraph network) {
        INDArray state = network.getUpdater(true).getStateViewArray();
        return state.reshape(state.length());
    }
}
