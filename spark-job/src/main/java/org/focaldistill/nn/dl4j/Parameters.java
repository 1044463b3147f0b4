package org.focaldistill.nn.dl4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.focaldistill.net.ParameterSpec;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Lays a node's tensors out one after the other in its flat vector, each in 'c' order, so that a tensor's memory is
 * PyTorch's.
 */
final class Parameters implements ParamInitializer {
    private final List<ParameterSpec> specs;

    Parameters(List<ParameterSpec> specs) {
        this.specs = specs;
    }

    /** What Deeplearning4j calls a tensor; it cuts names at the last underscore, so there is none. */
    static String key(ParameterSpec spec) {
        return spec.camelCaseName();
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return specs.stream().mapToLong(ParameterSpec::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return specs.stream().map(Parameters::key).toList();
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return specs.stream()
                .filter(ParameterSpec::trained)
                .map(Parameters::key)
                .toList();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return weightKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return false;
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        Map<String, INDArray> tensors = views(paramsView);
        for (ParameterSpec spec : specs) {
            conf.addVariable(key(spec));
            if (initializeParams) {
                INDArray tensor = Objects.requireNonNull(tensors.get(key(spec)));
                tensor.assign(Nd4j.create(spec.initial(conf.getSeed()), spec.shape(), 'c')
                        .castTo(tensor.dataType()));
            }
        }
        return tensors;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        return views(gradientView);
    }

    private Map<String, INDArray> views(INDArray flat) {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        if (specs.isEmpty()) {
            return tensors;
        }
        INDArray vector = flat.reshape(flat.length());
        long from = 0;
        for (ParameterSpec spec : specs) {
            long to = from + spec.length();
            tensors.put(key(spec), vector.get(interval(from, to)).reshape('c', spec.shape()));
            from = to;
        }
        return tensors;
    }
}
