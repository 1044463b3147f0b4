package org.focaldistill.weights;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        require(network.parameters(), tensors, "Cannot load the model " + name);
    }

    /**
     * Checks an optimiser's velocities, one for each trained tensor and of its shape, before an engine loads them.
     *
     * @param name what to call where they are from in messages
     * @throws InvalidModelException if one is missing, left over or of another shape
     */
    public static void requireVelocities(Network network, Map<String, Tensor> velocities, String name)
            throws InvalidModelException {
        List<ParameterSpec> trained =
                network.parameters().stream().filter(ParameterSpec::trained).toList();
        require(trained, velocities, "Cannot load the velocities of " + name);
    }

    private static void require(List<ParameterSpec> specs, Map<String, Tensor> tensors, String problem)
            throws InvalidModelException {
        TreeSet<String> missing = new TreeSet<>();
        specs.forEach(spec -> missing.add(spec.name()));
        TreeSet<String> extra = new TreeSet<>(tensors.keySet());
        extra.removeAll(missing);
        missing.removeAll(tensors.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new InvalidModelException(
                    problem + ": tensors missing: " + missing + ", tensors that do not belong: " + extra);
        }
        for (ParameterSpec spec : specs) {
            long[] found = Objects.requireNonNull(tensors.get(spec.name())).shape();
            if (!Arrays.equals(spec.shape(), found)) {
                throw new InvalidModelException(problem + ": tensor " + spec.name() + " should have the shape "
                        + Arrays.toString(spec.shape()) + ", found " + Arrays.toString(found));
            }
        }
    }
}
