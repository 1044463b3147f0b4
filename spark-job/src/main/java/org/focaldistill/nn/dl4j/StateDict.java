package org.focaldistill.nn.dl4j;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.net.ParameterSpec;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's tensors under their PyTorch state_dict names, as views: writing to them changes the network. */
public final class StateDict {
    private StateDict() {}

    /** All tensors, batch norm's running statistics included, in the network's order. */
    public static Map<String, INDArray> tensors(ComputationGraph network) {
        return named(network, false);
    }

    /** The tensors the optimiser moves, in the network's order. */
    static Map<String, INDArray> trained(ComputationGraph network) {
        return named(network, true);
    }

    private static Map<String, INDArray> named(ComputationGraph network, boolean trainedOnly) {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (Layer layer : network.getLayers()) {
            if (layer instanceof NodeLayer own) {
                for (ParameterSpec spec : own.node().parameters()) {
                    if (spec.trained() || !trainedOnly) {
                        tensors.put(spec.name(), own.getParam(Parameters.key(spec)));
                    }
                }
            }
        }
        return tensors;
    }
}
