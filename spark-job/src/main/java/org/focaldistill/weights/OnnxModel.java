package org.focaldistill.weights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.net.FeatureShape;
import org.focaldistill.net.FoldedWeights;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;
import org.focaldistill.net.Operation.BatchNormalisation;
import org.focaldistill.net.Operation.Convolution;

/**
 * Writes a network as ONNX, operator set {@value OnnxGraph#OPERATOR_SET}, in 32-bit floats. Its input is {@value
 * #IMAGES}, floats {@code [batch, 3, side, side]} normalised as in training, or {@value #PIXELS}, bytes of that shape; its
 * output {@value #LOGITS}, {@code [batch, classes]}, and if asked for {@value #PROBABILITIES} of that shape. Weights keep
 * their state_dict names.
 */
public final class OnnxModel {
    public static final String IMAGES = "images";
    public static final String PIXELS = "pixels";
    public static final String LOGITS = "logits";
    public static final String PROBABILITIES = "probabilities";

    private final Network network;
    private final Map<String, Tensor> tensors;
    private final OnnxOptions options;
    private final OnnxGraph graph = new OnnxGraph();
    private final Map<String, Convolution> foldable;
    /** What a node's result is called in the file, if not as the node. */
    private final Map<String, String> values = new HashMap<>();

    private OnnxModel(Network network, Map<String, Tensor> tensors, OnnxOptions options) {
        this.network = network;
        this.tensors = tensors;
        this.options = options;
        this.foldable = options.foldBatchNorm() ? foldable(network) : Map.of();
    }

    /**
     * The file's bytes.
     *
     * @param network what it is
     * @param tensors its weights under their state_dict names
     * @param about what the file's metadata say
     */
    public static byte[] of(
            Network network, Map<String, Tensor> tensors, OnnxOptions options, Map<String, String> about) {
        OnnxModel model = new OnnxModel(network, tensors, options);
        model.write();
        return model.graph.toBytes(about);
    }

    /** The convolutions, by name, that a batch norm and nothing else follows. */
    private static Map<String, Convolution> foldable(Network network) {
        Map<String, Convolution> found = new HashMap<>();
        for (Node node : network.nodes()) {
            List<Node> readers = network.readers(node.name());
            if (node.operation() instanceof Convolution convolution
                    && readers.size() == 1
                    && readers.get(0).operation() instanceof BatchNormalisation) {
                found.put(node.name(), convolution);
            }
        }
        return found;
    }

    private void write() {
        writeInput(network.input());
        values.put(network.output().name(), LOGITS);
        network.nodes().forEach(this::write);
        long classes = network.classes();
        graph.output(LOGITS, classes);
        if (options.temperature() != null) {
            graph.constant("temperature", scalar(options.temperature().floatValue()));
            graph.add("Div", List.of(LOGITS, "temperature"), "scaled_logits");
            graph.add("Softmax", List.of("scaled_logits"), PROBABILITIES).with("axis", 1);
            graph.output(PROBABILITIES, classes);
        }
    }

    private static Tensor scalar(float value) {
        return new Tensor(new long[0], new float[] {value});
    }

    private void writeInput(String input) {
        values.put(input, IMAGES);
        if (!options.rawPixels()) {
            graph.floatInput(IMAGES, image());
            return;
        }
        List<Double> mean = network.normalisation().mean();
        List<Double> deviation = network.normalisation().deviation();
        float[] scale = new float[mean.size()];
        float[] shift = new float[mean.size()];
        for (int c = 0; c < scale.length; c++) {
            scale[c] = (float) (1 / (255 * deviation.get(c)));
            shift[c] = (float) (-mean.get(c) / deviation.get(c));
        }
        long[] perChannel = {scale.length, 1, 1};
        graph.byteInput(PIXELS, image());
        graph.constant("pixels.scale", new Tensor(perChannel, scale));
        graph.constant("pixels.shift", new Tensor(perChannel, shift));
        graph.castToFloat(PIXELS, "pixels.float");
        graph.add("Mul", List.of("pixels.float", "pixels.scale"), "pixels.scaled");
        graph.add("Add", List.of("pixels.scaled", "pixels.shift"), IMAGES);
    }

    private long[] image() {
        FeatureShape images = network.images();
        return new long[] {images.channels(), images.height(), images.width()};
    }

    private void write(Node node) {
        String name = node.name();
        String result = value(name);
        String input = value(node.input());
        Operation operation = node.operation();
        if (operation instanceof Convolution c) {
            if (!foldable.containsKey(name)) {
                convolve(c, List.of(input, tensor(name, "weight")), result);
            }
        } else if (operation instanceof BatchNormalisation b) {
            normalise(node, b, result);
        } else if (operation instanceof Operation.Product) {
            graph.add("Gemm", List.of(input, tensor(name, "weight"), tensor(name, "bias")), result)
                    .with("transB", 1);
        } else if (operation instanceof Operation.Shuffle s) {
            graph.constant(name + ".order", order(node.output().channels(), s.groups()));
            graph.add("Gather", List.of(input, name + ".order"), result).with("axis", 1);
        } else if (operation instanceof Operation.WindowMean w) {
            graph.add("AveragePool", List.of(input), result)
                    .with("kernel_shape", w.kernel(), w.kernel())
                    .with("strides", w.stride(), w.stride())
                    .with("pads", w.padding(), w.padding(), w.padding(), w.padding())
                    .with("count_include_pad", 1);
        } else if (operation instanceof Operation.ImageMean) {
            graph.add("GlobalAveragePool", List.of(input), name + ".mean");
            graph.add("Flatten", List.of(name + ".mean"), result).with("axis", 1);
        } else if (operation instanceof Operation.Sum s) {
            String sum = s.relu() ? name + ".sum" : result;
            graph.add("Add", node.inputs().stream().map(this::value).toList(), sum);
            rectify(s.relu(), sum, result);
        } else if (operation instanceof Operation.Concatenation) {
            graph.add("Concat", node.inputs().stream().map(this::value).toList(), result)
                    .with("axis", 1);
        } else {
            throw new IllegalArgumentException("ONNX export knows no " + operation + " of " + name);
        }
    }

    private void convolve(Convolution c, List<String> inputs, String result) {
        graph.add("Conv", inputs, result)
                .with("kernel_shape", c.kernel(), c.kernel())
                .with("strides", c.stride(), c.stride())
                .with("pads", c.padding(), c.padding(), c.padding(), c.padding())
                .with("group", c.groups());
    }

    private void normalise(Node node, BatchNormalisation norm, String result) {
        String name = node.name();
        String source = node.input();
        String normalised = norm.relu() ? name + ".normalised" : result;
        Convolution convolution = foldable.get(source);
        if (convolution == null) {
            graph.add(
                            "BatchNormalization",
                            List.of(
                                    value(source),
                                    tensor(name, "weight"),
                                    tensor(name, "bias"),
                                    tensor(name, "running_mean"),
                                    tensor(name, "running_var")),
                            normalised)
                    .with("epsilon", (float) BatchNormalisation.EPSILON);
        } else {
            FoldedWeights folded = FoldedWeights.of(
                    values(source, "weight"),
                    values(name, "weight"),
                    values(name, "bias"),
                    values(name, "running_mean"),
                    values(name, "running_var"));
            String weight = graph.constant(
                    source + ".folded.weight", rounded(found(source, "weight").shape(), folded.weight()));
            String bias =
                    graph.constant(source + ".folded.bias", rounded(new long[] {folded.bias().length}, folded.bias()));
            convolve(convolution, List.of(value(network.node(source).input()), weight, bias), normalised);
        }
        rectify(norm.relu(), normalised, result);
    }

    private void rectify(boolean wanted, String from, String to) {
        if (wanted) {
            graph.add("Relu", List.of(from), to);
        }
    }

    private static long[] order(int width, int groups) {
        long[] order = new long[width];
        int each = width / groups;
        for (int j = 0; j < each; j++) {
            for (int k = 0; k < groups; k++) {
                order[j * groups + k] = (long) k * each + j;
            }
        }
        return order;
    }

    /** Puts a weight into the file and returns its name. */
    private String tensor(String node, String tensor) {
        return graph.constant(node + "." + tensor, found(node, tensor));
    }

    private Tensor found(String node, String tensor) {
        String name = node + "." + tensor;
        return Objects.requireNonNull(tensors.get(name), name);
    }

    private double[] values(String node, String tensor) {
        float[] values = found(node, tensor).values();
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static Tensor rounded(long[] shape, double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return new Tensor(shape, narrow);
    }

    private String value(String node) {
        return values.getOrDefault(node, node);
    }
}
