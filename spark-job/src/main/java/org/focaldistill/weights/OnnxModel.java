package org.focaldistill.weights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.nn.FoldedWeights;
import org.focaldistill.nn.ImageBatch;
import org.focaldistill.nn.Node;
import org.focaldistill.nn.Operation;
import org.focaldistill.nn.Operation.BatchNormalisation;
import org.focaldistill.nn.Operation.Convolution;

/**
 * Writes a network as ONNX, operator set {@value OnnxGraph#OPERATOR_SET}, in 32-bit floats. Its input is {@value
 * #IMAGES}, floats {@code [batch, 3, 32, 32]} normalised as in training, or {@value #PIXELS}, bytes of that shape; its
 * output {@value #LOGITS}, {@code [batch, classes]}, and if asked for {@value #PROBABILITIES} of that shape. Weights keep
 * their state_dict names.
 */
public final class OnnxModel {
    public static final String IMAGES = "images";
    public static final String PIXELS = "pixels";
    public static final String LOGITS = "logits";
    public static final String PROBABILITIES = "probabilities";

    private static final long[] IMAGE = {3, 32, 32};

    private final List<Node> nodes;
    private final Map<String, Tensor> tensors;
    private final OnnxOptions options;
    private final OnnxGraph graph = new OnnxGraph();
    private final Map<String, Convolution> foldable;
    /** What a node's result is called in the file, if not as the node. */
    private final Map<String, String> values = new HashMap<>();

    private final Map<String, Integer> channels = new HashMap<>();

    private OnnxModel(List<Node> nodes, Map<String, Tensor> tensors, OnnxOptions options) {
        this.nodes = nodes;
        this.tensors = tensors;
        this.options = options;
        this.foldable = options.foldBatchNorm() ? foldable(nodes) : Map.of();
    }

    /**
     * The file's bytes.
     *
     * @param nodes the network's nodes, each after its inputs; the last yields the logits
     * @param tensors its weights under their state_dict names
     * @param about what the file's metadata say
     */
    public static byte[] of(
            List<Node> nodes, Map<String, Tensor> tensors, OnnxOptions options, Map<String, String> about) {
        OnnxModel model = new OnnxModel(nodes, tensors, options);
        model.write();
        return model.graph.toBytes(about);
    }

    /** Names of the convolutions that a batch norm, and nothing else, follows. */
    private static Map<String, Convolution> foldable(List<Node> nodes) {
        Map<String, Integer> uses = new HashMap<>();
        nodes.forEach(node -> node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum)));
        Map<String, Convolution> convolutions = new HashMap<>();
        for (Node node : nodes) {
            if (node.operation() instanceof Convolution c && Objects.equals(uses.get(node.name()), 1)) {
                convolutions.put(node.name(), c);
            }
        }
        Map<String, Convolution> found = new HashMap<>();
        for (Node node : nodes) {
            String input = node.inputs().get(0);
            Convolution convolution = convolutions.get(input);
            if (convolution != null && node.operation() instanceof BatchNormalisation) {
                found.put(input, convolution);
            }
        }
        return found;
    }

    private void write() {
        writeInput(nodes.get(0).inputs().get(0));
        Node last = nodes.get(nodes.size() - 1);
        values.put(last.name(), LOGITS);
        nodes.forEach(this::write);
        long classes = ((Operation.Product) last.operation()).out();
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
        channels.put(input, (int) IMAGE[0]);
        if (!options.rawPixels()) {
            graph.floatInput(IMAGES, IMAGE);
            return;
        }
        double[] mean = ImageBatch.mean();
        double[] deviation = ImageBatch.deviation();
        float[] scale = new float[mean.length];
        float[] shift = new float[mean.length];
        for (int c = 0; c < mean.length; c++) {
            scale[c] = (float) (1 / (255 * deviation[c]));
            shift[c] = (float) (-mean[c] / deviation[c]);
        }
        long[] perChannel = {mean.length, 1, 1};
        graph.byteInput(PIXELS, IMAGE);
        graph.constant("pixels.scale", new Tensor(perChannel, scale));
        graph.constant("pixels.shift", new Tensor(perChannel, shift));
        graph.castToFloat(PIXELS, "pixels.float");
        graph.add("Mul", List.of("pixels.float", "pixels.scale"), "pixels.scaled");
        graph.add("Add", List.of("pixels.scaled", "pixels.shift"), IMAGES);
    }

    private void write(Node node) {
        String name = node.name();
        String result = value(name);
        String input = value(node.inputs().get(0));
        Operation operation = node.operation();
        int width = channels(node);
        channels.put(name, width);
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
            graph.constant(name + ".order", order(width, s.groups()));
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
        String source = node.inputs().get(0);
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
                    .with("epsilon", (float) norm.epsilon());
        } else {
            FoldedWeights folded = FoldedWeights.of(
                    values(source, "weight"),
                    values(name, "weight"),
                    values(name, "bias"),
                    values(name, "running_mean"),
                    values(name, "running_var"),
                    norm.epsilon());
            String weight = graph.constant(
                    source + ".folded.weight", rounded(found(source, "weight").shape(), folded.weight()));
            String bias =
                    graph.constant(source + ".folded.bias", rounded(new long[] {folded.bias().length}, folded.bias()));
            convolve(convolution, List.of(value(inputOf(source)), weight, bias), normalised);
        }
        rectify(norm.relu(), normalised, result);
    }

    private void rectify(boolean wanted, String from, String to) {
        if (wanted) {
            graph.add("Relu", List.of(from), to);
        }
    }

    private String inputOf(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow()
                .inputs()
                .get(0);
    }

    private int channels(Node node) {
        if (node.operation() instanceof Convolution c) {
            return c.outChannels();
        }
        if (node.operation() instanceof Operation.Product p) {
            return p.out();
        }
        int sum = 0;
        for (String input : node.inputs()) {
            int width = Objects.requireNonNull(channels.get(input), input);
            sum = node.operation() instanceof Operation.Concatenation ? sum + width : width;
        }
        return sum;
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
