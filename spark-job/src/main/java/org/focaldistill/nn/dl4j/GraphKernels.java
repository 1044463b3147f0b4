package org.focaldistill.nn.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;

/** The native kernels of a whole network, and arrays that it keeps from step to step. */
final class GraphKernels {
    private GraphKernels() {}

    /** Frees them; the network makes new ones should it run again. */
    static void close(ComputationGraph network) {
        for (GraphVertex vertex : network.getVertices()) {
            Layer layer = vertex.getLayer();
            if (layer != null) {
                layer.close();
            } else if (vertex instanceof JoinVertex join) {
                join.close();
            }
        }
    }
}
