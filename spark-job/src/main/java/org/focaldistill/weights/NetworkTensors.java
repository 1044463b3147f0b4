package org.focaldistill.weights;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.nn.StateDict;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Carries tensors between networks and model files. */
public final class NetworkTensors {
    private NetworkTensors() {}

    /** Copies of all of a network's tensors, rounded to float, under their state_dict names. */
    public static Map<String, Tensor> read(ComputationGraph network) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        StateDict.tensors(network).forEach((name, array) -> tensors.put(name, copy(array)));
        return tensors;
    }

    private static Tensor copy(INDArray array) {
        return new Tensor(array.shape().clone(), array.dup('c').data().asFloat());
    }

    /**
     * Loads tensors into a network, all of them or none.
     *
     * @param name what to call their file in messages
     * @throws InvalidModelException if a tensor is missing, left over or of another shape
     */
    public static void load(ComputationGraph network, Map<String, Tensor> tensors, String name)
            throws InvalidModelException {
        Map<String, INDArray> targets = StateDict.tensors(network);
        requireSame(targets, tensors, name);
        targets.forEach((tensor, target) -> {
            Tensor source = java.util.Objects.requireNonNull(tensors.get(tensor));
            target.assign(Nd4j.create(source.values(), source.shape(), 'c').castTo(target.dataType()));
        });
    }

    private static void requireSame(Map<String, INDArray> targets, Map<String, Tensor> tensors, String name)
            throws InvalidModelException {
        TreeSet<String> missing = new TreeSet<>(targets.keySet());
        missing.removeAll(tensors.keySet());
        TreeSet<String> extra = new TreeSet<>(tensors.keySet());
        extra.removeAll(targets.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new InvalidModelException("Cannot load the model " + name + ": tensors missing: " + missing
                    + ", tensors that do not belong: " + extra);
        }
        for (Map.Entry<String, INDArray> target : targets.entrySet()) {
            long[] expected = target.getValue().shape();
            long[] found = java.util.Objects.requireNonNull(tensors.get(target.getKey()))
                    .shape();
            if (!Arrays.equals(expected, found)) {
                throw new InvalidModelException("Cannot load the model " + name + ": tensor " + target.getKey()
                        + " should have the shape " + Arrays.toString(expected) + ", found "
                        + Arrays.toString(found));
            }
        }
    }
}
