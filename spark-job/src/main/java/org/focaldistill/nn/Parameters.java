package org.focaldistill.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Lays a layer's tensors out one after the other in its flat vector, each in 'c' order, so that a tensor's memory is
 * PyTorch's. Each tensor draws from a generator of its own, seeded by the network's seed and the tensor's name: adding
 * a layer does not change the others.
 */
final class Parameters implements ParamInitializer {
    private final List<ParameterSpec> specs;

    Parameters(List<ParameterSpec> specs) {
        this.specs = List.copyOf(specs);
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
        return specs.stream().map(ParameterSpec::name).toList();
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return specs.stream()
                .filter(ParameterSpec::trained)
                .map(ParameterSpec::name)
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
            conf.addVariable(spec.name());
            if (initializeParams) {
                String tensorName = conf.getLayer().getLayerName() + "." + spec.name();
                SplittableRandom random = new SplittableRandom(conf.getSeed() * 0x9E3779B97F4A7C15L ^ hash(tensorName));
                spec.initialisation().fill(Objects.requireNonNull(tensors.get(spec.name())), random);
            }
        }
        return tensors;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        return views(gradientView);
    }

    private Map<String, INDArray> views(INDArray flat) {
        INDArray vector = flat.reshape(flat.length());
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        long from = 0;
        for (ParameterSpec spec : specs) {
            long to = from + spec.length();
            tensors.put(spec.name(), vector.get(interval(from, to)).reshape('c', spec.shape()));
            from = to;
        }
        return tensors;
    }

    /** 64-bit FNV-1a: {@link String#hashCode} has too few bits to keep the tensors' generators apart. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
