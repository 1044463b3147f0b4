package org.focaldistill.nn;

import java.util.List;

/**
 * A node of a network.
 *
 * @param name its PyTorch module's; its tensors are named {@code name.weight} and so on
 * @param operation what it computes
 * @param inputs names of the nodes it takes, or of the network's input
 */
public record Node(String name, Operation operation, List<String> inputs) {
    public Node {
        inputs = List.copyOf(inputs);
    }
}
