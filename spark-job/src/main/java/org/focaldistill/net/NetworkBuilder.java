package org.focaldistill.net;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.net.Operation.BatchNormalisation;
import org.focaldistill.net.Operation.Convolution;

/**
 * Writes a network down, node by node. Each method adds a node and returns its name, which the next ones take as input;
 * shapes follow from the inputs'. Everything but what is named otherwise starts as in the zoo's PyTorch code.
 */
public final class NetworkBuilder {
    private static final Initialisation ZERO = new Initialisation.Constant(0);
    private static final Initialisation ONE = new Initialisation.Constant(1);

    private final String input;
    private final FeatureShape images;
    private final Normalisation normalisation;
    private final Map<String, FeatureShape> shapes = new HashMap<>();
    /** Nodes whose output has no rows and columns. */
    private final Set<String> vectors = new HashSet<>();

    private final List<Node> nodes = new ArrayList<>();

    /**
     * A network of no nodes yet, for images normalised as CIFAR-100's.
     *
     * @param input what nodes name as their input that read the images
     * @param images the shape of an image
     */
    public NetworkBuilder(String input, FeatureShape images) {
        this(input, images, Normalisation.CIFAR100);
    }

    /** The same for images normalised otherwise. */
    public NetworkBuilder(String input, FeatureShape images, Normalisation normalisation) {
        this.input = input;
        this.images = images;
        this.normalisation = normalisation;
        shapes.put(input, images);
    }

    /** The name of the images. */
    public String input() {
        return input;
    }

    /** How many channels a node, or the image, has. */
    public int channels(String name) {
        return shape(name).channels();
    }

    /**
     * A convolution without bias, whose weights start Kaiming-normal, fan out, ReLU gain: {@code sd = sqrt(2 / (kernel^2 *
     * out))} (He et al. 2015).
     *
     * @param from what it reads
     * @param outChannels its width
     * @param kernel rows and columns of its window
     * @param stride the window's step
     * @param padding zeros on each side
     */
    public String convolution(String name, String from, int outChannels, int kernel, int stride, int padding) {
        Convolution convolution = new Convolution(channels(from), outChannels, kernel, stride, padding);
        return convolution(
                name, from, convolution, new Initialisation.Normal(Math.sqrt(2.0 / (kernel * kernel * outChannels))));
    }

    /** A convolution whose weights start uniform within {@code 1 / sqrt(in / groups * kernel^2)}, PyTorch's default. */
    public String uniformConvolution(String name, String from, Convolution convolution) {
        return convolution(name, from, convolution, new Initialisation.Uniform(1 / Math.sqrt(convolution.fanIn())));
    }

    private String convolution(String name, String from, Convolution convolution, Initialisation start) {
        FeatureShape in = requireChannels(name, from, convolution.inChannels());
        int k = convolution.kernel();
        long[] weights = {convolution.outChannels(), convolution.inChannels() / convolution.groups(), k, k};
        FeatureShape out = slid(name, convolution.window(), in, convolution.outChannels());
        return add(name, convolution, List.of(from), out, List.of(trained(name, "weight", weights, start)));
    }

    /** Batch normalisation alone. */
    public String batchNorm(String name, String from) {
        return batchNorm(name, from, false);
    }

    /** Batch normalisation followed by ReLU. */
    public String batchNormRelu(String name, String from) {
        return batchNorm(name, from, true);
    }

    private String batchNorm(String name, String from, boolean relu) {
        FeatureShape shape = image(name, from);
        long[] channels = {shape.channels()};
        return add(
                name,
                new BatchNormalisation(shape.channels(), relu),
                List.of(from),
                shape,
                List.of(
                        trained(name, "weight", channels, ONE),
                        trained(name, "bias", channels, ZERO),
                        new ParameterSpec(name + ".running_mean", channels, false, ZERO),
                        new ParameterSpec(name + ".running_var", channels, false, ONE)));
    }

    /** {@code max(0, one + other)}: the end of a residual block. */
    public String addRelu(String name, String one, String other) {
        return sum(name, one, other, true);
    }

    /** {@code one + other}. */
    public String sum(String name, String one, String other) {
        return sum(name, one, other, false);
    }

    private String sum(String name, String one, String other, boolean relu) {
        FeatureShape shape = image(name, one);
        if (!shape.equals(image(name, other))) {
            throw new IllegalArgumentException(
                    name + " adds what has one shape, found " + shape + " and " + shape(other));
        }
        return add(name, new Operation.Sum(relu), List.of(one, other), shape, List.of());
    }

    /** The channels of the first, then those of the second. */
    public String concatenation(String name, String first, String second) {
        FeatureShape one = image(name, first);
        FeatureShape other = image(name, second);
        if (!one.sameSizeAs(other)) {
            throw new IllegalArgumentException(name + " joins what has one size, found " + one + " and " + other);
        }
        FeatureShape joined = new FeatureShape(one.height(), one.width(), one.channels() + other.channels());
        return add(name, new Operation.Concatenation(), List.of(first, second), joined, List.of());
    }

    /** See {@link Operation.Shuffle}. */
    public String shuffle(String name, String from, int groups) {
        FeatureShape shape = image(name, from);
        if (groups < 1 || shape.channels() % groups != 0) {
            throw new IllegalArgumentException(
                    name + " cannot shuffle " + shape.channels() + " channels in " + groups + " equal groups");
        }
        return add(name, new Operation.Shuffle(groups), List.of(from), shape, List.of());
    }

    /** See {@link Operation.WindowMean}. */
    public String averagePool(String name, String from, int kernel, int stride, int padding) {
        Operation.WindowMean mean = new Operation.WindowMean(kernel, stride, padding);
        FeatureShape in = image(name, from);
        return add(name, mean, List.of(from), slid(name, mean.window(), in, in.channels()), List.of());
    }

    /** The mean over rows and columns, a vector. */
    public String globalAveragePool(String name, String from) {
        FeatureShape mean = FeatureShape.vector(image(name, from).channels());
        return add(name, new Operation.ImageMean(), List.of(from), mean, List.of());
    }

    /** A linear layer whose weights and biases start uniform within {@code 1 / sqrt(in)}, as PyTorch's. */
    public String linear(String name, String from, int out) {
        return linear(name, from, out, uniform(channels(from)));
    }

    /** A linear layer whose biases start at 0. */
    public String unbiasedLinear(String name, String from, int out) {
        return linear(name, from, out, ZERO);
    }

    private String linear(String name, String from, int out, Initialisation bias) {
        int in = channels(from);
        if (!vectors.contains(from)) {
            throw new IllegalArgumentException(name + " takes a vector, such as a mean over rows and columns, found "
                    + shape(from) + " of " + from);
        }
        return add(
                name,
                new Operation.Product(in, out),
                List.of(from),
                FeatureShape.vector(out),
                List.of(
                        trained(name, "weight", new long[] {out, in}, uniform(in)),
                        trained(name, "bias", new long[] {out}, bias)));
    }

    /**
     * The network; its last node yields the logits.
     *
     * @throws IllegalArgumentException if that is no vector, or another node is read by none
     */
    public Network build() {
        return new Network(input, images, normalisation, nodes);
    }

    private String add(
            String name,
            Operation operation,
            List<String> inputs,
            FeatureShape output,
            List<ParameterSpec> parameters) {
        nodes.add(new Node(name, operation, inputs, output, parameters));
        if (operation.makesVector()) {
            vectors.add(name);
        }
        shapes.put(name, output);
        return name;
    }

    private FeatureShape requireChannels(String name, String from, int expected) {
        FeatureShape shape = image(name, from);
        if (shape.channels() != expected) {
            throw new IllegalArgumentException(
                    name + " takes " + expected + " channels, found " + shape + " of " + from);
        }
        return shape;
    }

    /** The shape of what a node reads, which has rows and columns. */
    private FeatureShape image(String reader, String name) {
        FeatureShape shape = shape(name);
        if (vectors.contains(name)) {
            throw new IllegalArgumentException(
                    reader + " takes rows and columns, found " + name + ", a vector of " + shape.channels());
        }
        return shape;
    }

    private FeatureShape shape(String name) {
        FeatureShape shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("There is no node " + name + " yet");
        }
        return shape;
    }

    private static FeatureShape slid(String name, Window window, FeatureShape in, int channels) {
        if (!window.fits(in.height()) || !window.fits(in.width())) {
            throw new IllegalArgumentException(name + "'s " + window + " does not fit in " + in);
        }
        return new FeatureShape(
                Math.toIntExact(window.positions(in.height())),
                Math.toIntExact(window.positions(in.width())),
                channels);
    }

    private static Initialisation uniform(int in) {
        return new Initialisation.Uniform(1 / Math.sqrt(in));
    }

    private static ParameterSpec trained(String node, String tensor, long[] shape, Initialisation start) {
        return new ParameterSpec(node + "." + tensor, shape, true, start);
    }
}
