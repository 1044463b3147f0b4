package org.focaldistill.net;

import java.util.List;

/**
 * A node of a network.
 *
 * @param name its PyTorch module's; its tensors are named {@code name.weight} and so on
 * @param operation what it computes
 * @param inputs names of the nodes it takes, or of the network's input
 * @param output the shape of what it computes of one image
 * @param parameters its tensors in state_dict order
 */
public record Node(
        String name, Operation operation, List<String> inputs, FeatureShape output, List<ParameterSpec> parameters) {
    public Node {
        inputs = List.copyOf(inputs);
        parameters = List.copyOf(parameters);
    }

    /** The first or only input. */
    public String input() {
        return inputs.get(0);
    }
}
