package org.focaldistill.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.focaldistill.net.FeatureShape;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;

/**
 * A network from images to logits, compiled to launches of kernels: with the batch's statistics in training, with running ones in
 * evaluation. Batch norms write nothing; who reads one computes it from what it normalises.
 */
final class ForwardPass {
    private final Network network;
    private final int batch;
    private final Numerics numerics;
    private final TensorTable tensors;
    private final ArenaLayout layout;
    private final Map<String, Reading> readings = new HashMap<>();
    private final Map<String, Norm> norms = new HashMap<>();
    private final List<Consumer<Work>> training = new ArrayList<>();
    private final List<Consumer<Work>> evaluation = new ArrayList<>();

    /** @param batch images of a step at most */
    ForwardPass(Network network, int batch, Numerics numerics, TensorTable tensors, ArenaLayout layout) {
        this.network = network;
        this.batch = batch;
        this.numerics = numerics;
        this.tensors = tensors;
        this.layout = layout;
        readings.put(network.input(), room(network.images(), numerics.maps()));
        network.nodes().forEach(this::compile);
    }

    /** Its launches in training. */
    List<Consumer<Work>> training() {
        return training;
    }

    /** Its launches in evaluation. */
    List<Consumer<Work>> evaluation() {
        return evaluation;
    }

    /** How a node, or the images, are read. */
    Reading reading(String name) {
        return Objects.requireNonNull(readings.get(name), name);
    }

    /** The logits. */
    Reading logits() {
        return reading(network.output().name());
    }

    /** The norm of a node. */
    Norm norm(String name) {
        return Objects.requireNonNull(norms.get(name), name);
    }

    /** A linear layer as a convolution of images of one pixel; in fp32, as PyTorch has it by default. */
    static Convolutions product(Operation.Product product, int batch) {
        return new Convolutions(
                new Operation.Convolution(product.in(), product.out(), 1, 1, 0),
                new FeatureShape(1, 1, product.in()),
                new FeatureShape(1, 1, product.out()),
                batch,
                Numerics.FP32);
    }

    Convolutions convolution(Node node, Operation.Convolution convolution) {
        Reading input = reading(node.input());
        Numerics ofInput = input.stored() == numerics.maps() ? numerics : Numerics.FP32;
        return new Convolutions(convolution, input.shape(), node.output(), batch, ofInput);
    }

    private Reading room(FeatureShape shape, Stored stored) {
        long values = (long) batch * shape.height() * shape.width() * shape.channels();
        return Reading.plain(layout.bytes(values * stored.bytes()), stored, shape);
    }

    /** As its inputs, but for the mean over an image, which is few floats. */
    private Stored stored(Node node) {
        if (node.operation() instanceof Operation.ImageMean) {
            return Stored.FLOATS;
        }
        Stored stored = input(node, 0).stored();
        if (node.inputs().stream().anyMatch(name -> reading(name).stored() != stored)) {
            throw new IllegalArgumentException(
                    "A card can not join maps with vectors in numerics bf16, as " + node.name() + " does");
        }
        return stored;
    }

    private void both(Consumer<Work> launch) {
        training.add(launch);
        evaluation.add(launch);
    }

    private void compile(Node node) {
        Operation operation = node.operation();
        if (operation instanceof Operation.BatchNormalisation) {
            normalise(node);
            return;
        }
        Reading output = room(node.output(), stored(node));
        readings.put(node.name(), output);
        if (operation instanceof Operation.Convolution convolution) {
            convolve(node, convolution, output);
        } else if (operation instanceof Operation.Product product) {
            multiply(node, product, output);
        } else if (operation instanceof Operation.Sum sum) {
            forEach(
                    "sum",
                    node,
                    work -> two(work, node)
                            .at(output.values())
                            .flag(sum.relu())
                            .number(output.pixels(), output.channels()));
        } else if (operation instanceof Operation.Concatenation) {
            forEach(
                    "concatenation",
                    node,
                    work -> two(work, node)
                            .at(output.values())
                            .number(
                                    output.pixels(),
                                    input(node, 0).channels(),
                                    input(node, 1).channels()));
        } else if (operation instanceof Operation.Shuffle shuffle) {
            forEach(
                    "shuffle",
                    node,
                    work -> one(work, node)
                            .at(output.values())
                            .number(shuffle.groups(), output.pixels(), output.channels()));
        } else if (operation instanceof Operation.WindowMean mean) {
            forEach(
                    "window_mean",
                    node,
                    work -> window(one(work, node).at(output.values()), input(node, 0), output, mean));
        } else if (operation instanceof Operation.ImageMean) {
            forEach(
                    "image_mean",
                    node,
                    work -> one(work, node)
                            .at(output.values())
                            .number(input(node, 0).pixels(), output.channels()));
        } else {
            throw new IllegalArgumentException("A card can not compute " + operation + " of " + node.name());
        }
    }

    private void convolve(Node node, Operation.Convolution convolution, Reading output) {
        Convolutions kernels = convolution(node, convolution);
        long weights = tensors.of(node.name() + ".weight");
        Reading input = input(node, 0);
        training.add(work -> kernels.forward(work, input, weights, output.values(), statisticsOf(node)));
        evaluation.add(work -> kernels.forward(work, input, weights, output.values(), Reading.NONE));
    }

    /** Where the norm behind a convolution wants its statistics; all norms of one convolution take those of the first. */
    private long statisticsOf(Node node) {
        return network.readers(node.name()).stream()
                .filter(reader -> reader.operation() instanceof Operation.BatchNormalisation)
                .map(reader -> norm(reader.name()).statistics())
                .findFirst()
                .orElse(Reading.NONE);
    }

    private boolean hasStatistics(Node norm) {
        Node from = network.nodes().stream()
                .filter(node -> node.name().equals(norm.input()))
                .findFirst()
                .orElse(null);
        return from != null
                && from.operation() instanceof Operation.Convolution
                && statisticsOf(from) == norm(norm.name()).statistics();
    }

    private void normalise(Node node) {
        Reading input = input(node, 0);
        if (!input.isPlain()) {
            throw new IllegalArgumentException(
                    "A card can not normalise what was normalised, as " + node.name() + " does");
        }
        Norm norm = new Norm(node, input, batch, tensors, layout);
        norms.put(node.name(), norm);
        readings.put(node.name(), norm.reading());
        if (!hasStatistics(node)) {
            training.add(norm::takeStatistics);
        }
        training.add(norm::ofBatch);
        evaluation.add(norm::ofRunning);
    }

    private void multiply(Node node, Operation.Product product, Reading output) {
        Convolutions kernels = product(product, batch);
        Reading input = input(node, 0);
        both(work -> kernels.forward(work, input, tensors.of(node.name() + ".weight"), output.values(), Reading.NONE));
        forEach(
                "bias",
                node,
                work -> work.arguments()
                        .at(output.values(), tensors.of(node.name() + ".bias"))
                        .number(output.channels()));
    }

    private interface Given {
        Arguments to(Work work);
    }

    /** A thread for each value of a node's output. */
    private void forEach(String name, Node node, Given arguments) {
        String kernel = input(node, 0).stored().kernel(name);
        long values = (long) batch * reading(node.name()).size();
        both(work -> work.forEach(kernel, values, arguments.to(work)));
    }

    private Reading input(Node node, int which) {
        return reading(node.inputs().get(which));
    }

    private Arguments one(Work work, Node node) {
        return work.arguments().read(input(node, 0));
    }

    private Arguments two(Work work, Node node) {
        return work.arguments().read(input(node, 0)).read(input(node, 1));
    }

    static Arguments window(Arguments arguments, Reading input, Reading output, Operation.WindowMean mean) {
        return arguments.number(
                input.shape().height(),
                input.shape().width(),
                output.shape().height(),
                output.shape().width(),
                output.channels(),
                mean.kernel(),
                mean.stride(),
                mean.padding());
    }
}
