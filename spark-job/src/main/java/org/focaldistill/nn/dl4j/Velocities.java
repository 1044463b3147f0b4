package org.focaldistill.nn.dl4j;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.weights.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The heavy ball's velocities, which Deeplearning4j keeps in one vector. It is cut in the order of the layers, which behind a
 * branch is not the vector's: there a name stands before a piece of another tensor's velocity. Read and written alike, a training
 * goes on exactly, as it does from every checkpoint there is; another engine could not go on from them.
 */
final class Velocities {
    private Velocities() {}

    static Map<String, Tensor> read(ComputationGraph network) {
        Map<String, Tensor> velocities = new LinkedHashMap<>();
        views(network)
                .forEach((name, view) -> velocities.put(
                        name,
                        new Tensor(shapeOf(network, name), view.dup().data().asFloat())));
        return velocities;
    }

    /** Writes velocities whose names and shapes are known to be the network's: ND4J does not look at lengths. */
    static void write(ComputationGraph network, Map<String, Tensor> velocities) {
        views(network).forEach((name, target) -> {
            float[] values = Objects.requireNonNull(velocities.get(name)).values();
            target.assign(Nd4j.create(values, new long[] {values.length}, 'c').castTo(target.dataType()));
        });
    }

    private static Map<String, INDArray> views(ComputationGraph network) {
        INDArray state = network.getUpdater(true).getStateViewArray();
        INDArray vector = state.reshape(state.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        long from = 0;
        for (Map.Entry<String, INDArray> tensor : StateDict.trained(network).entrySet()) {
            long to = from + tensor.getValue().length();
            views.put(tensor.getKey(), vector.get(NDArrayIndex.interval(from, to)));
            from = to;
        }
        if (from != state.length()) {
            throw new IllegalStateException(
                    "The optimiser's state has " + state.length() + " values, the trained tensors " + from);
        }
        return views;
    }

    private static long[] shapeOf(ComputationGraph network, String name) {
        return Objects.requireNonNull(StateDict.trained(network).get(name))
                .shape()
                .clone();
    }
}
