package org.focaldistill.weights;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.focaldistill.net.Network;
import org.focaldistill.net.ParameterSpec;

/** A network's tensors by their state_dict names, whatever engine has them. */
public final class NetworkTensors {
    private NetworkTensors() {}

    /** Those of a new network, in its order; see {@link ParameterSpec#initial}. */
    public static Map<String, Tensor> initial(Network network, long seed) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ParameterSpec spec : network.parameters()) {
            tensors.put(spec.name(), new Tensor(spec.shape().clone(), spec.initial(seed)));
        }
        return tensors;
    }

    /**
     * Checks tensors before an engine loads them, all of them or none.
     *
     * @param name what to call their file in messages
     * @throws InvalidModelException if a tensor is missing, left over or of another shape
     */
    public static void require(Network network, Map<String, Tensor> tensors, String name) throws InvalidModelException {
        Map<String, long[]> expected = new TreeMap<>();
        for (ParameterSpec spec : network.parameters()) {
            expected.put(spec.name(), spec.shape());
        }
        TreeSet<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(tensors.keySet());
        TreeSet<String> extra = new TreeSet<>(tensors.keySet());
        extra.removeAll(expected.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new InvalidModelException("Cannot load the model " + name + ": tensors missing: " + missing
                    + ", tensors that do not belong: " + extra);
        }
        for (ParameterSpec spec : network.parameters()) {
            long[] found = Objects.requireNonNull(tensors.get(spec.name())).shape();
            if (!Arrays.equals(spec.shape(), found)) {
                throw new InvalidModelException("Cannot load the model " + name + ": tensor " + spec.name()
                        + " should have the shape " + Arrays.toString(spec.shape()) + ", found "
                        + Arrays.toString(found));
            }
        }
    }
}
