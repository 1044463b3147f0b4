package org.focaldistill.nn;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A network as a list of nodes. */
public final class Topology {
    private Topology() {}

    /** The nodes from the images to the logits, each after its inputs; the loss is left out. */
    public static List<Node> of(ComputationGraph network) {
        ComputationGraphConfiguration configuration = network.getConfiguration();
        List<Node> nodes = new ArrayList<>();
        for (int index : network.topologicalSortOrder()) {
            String name = network.getVertices()[index].getVertexName();
            GraphVertex vertex = configuration.getVertices().get(name);
            List<String> inputs = configuration.getVertexInputs().get(name);
            // The network's inputs are no vertices of the configuration, its output is the loss.
            if (vertex != null
                    && inputs != null
                    && !configuration.getNetworkOutputs().contains(name)) {
                nodes.add(new Node(name, operation(name, vertex), inputs));
            }
        }
        return nodes;
    }

    private static Operation operation(String name, GraphVertex vertex) {
        if (vertex instanceof LayerVertex layer && layer.getLayerConf().getLayer() instanceof NativeLayer conf) {
            return conf.operation();
        }
        if (vertex instanceof AddRelu) {
            return new Operation.Sum(true);
        }
        if (vertex instanceof ElementWiseVertex element && element.getOp() == ElementWiseVertex.Op.Add) {
            return new Operation.Sum(false);
        }
        if (vertex instanceof ConcatChannels) {
            return new Operation.Concatenation();
        }
        throw new IllegalArgumentException("Cannot describe " + name + ", a "
                + vertex.getClass().getSimpleName() + ": it is none of this package's layers");
    }
}
