package org.focaldistill.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's tensors under their PyTorch state_dict names, as views: writing to them changes the network. */
public final class StateDict {
    private StateDict() {}

    /** All tensors, batch norm's running statistics included, in the network's order. */
    public static Map<String, INDArray> tensors(ComputationGraph network) {
        return named(network, false);
    }

    /** The tensors the optimiser moves, in the order of its state vector. */
    public static Map<String, INDArray> trained(ComputationGraph network) {
        return named(network, true);
    }

    private static Map<String, INDArray> named(ComputationGraph network, boolean trainedOnly) {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (Layer layer : network.getLayers()) {
            if (layer.conf().getLayer() instanceof NativeLayer conf) {
                for (ParameterSpec spec : conf.parameters()) {
                    if (spec.trained() || !trainedOnly) {
                        tensors.put(tensorName(conf, spec), layer.getParam(spec.name()));
                    }
                }
            }
        }
        return tensors;
    }

    private static String tensorName(NativeLayer layer, ParameterSpec spec) {
        return layer.getLayerName() + "." + spec.stateDictName();
    }
}
