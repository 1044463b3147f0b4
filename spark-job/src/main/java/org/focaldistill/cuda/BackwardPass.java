package org.focaldistill.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of all trained tensors from that of the logits, compiled to launches of kernels. A node's gradient is summed over
 * its readers, which come before it on this way; its room is given to others once it has gone on.
 */
final class BackwardPass {
    private final Network network;
    private final ForwardPass forward;
    private final TensorTable tensors;
    private final int batch;
    private final ArenaLayout layout;
    private final List<Consumer<Work>> launches = new ArrayList<>();
    private final Map<String, Long> gradients = new HashMap<>();
    private final Map<Long, Deque<Long>> free = new HashMap<>();
    private final long parts;

    /** @param ofLogits offset of the gradient of the logits, float {@code [batch, classes]} */
    BackwardPass(
            Network network, ForwardPass forward, int batch, TensorTable tensors, ArenaLayout layout, long ofLogits) {
        this.network = network;
        this.forward = forward;
        this.batch = batch;
        this.tensors = tensors;
        this.layout = layout;
        parts = layout.floats(largestParts());
        gradients.put(network.output().name(), ofLogits);
        for (int i = network.nodes().size() - 1; i >= 0; i--) {
            compile(network.nodes().get(i));
        }
    }

    List<Consumer<Work>> launches() {
        return launches;
    }

    private long largestParts() {
        long largest = 0;
        for (Node node : network.nodes()) {
            Convolutions kernels = kernels(node);
            if (kernels != null) {
                largest = Math.max(largest, (long) kernels.parts() * kernels.length());
            }
        }
        return largest;
    }

    private @Nullable Convolutions kernels(Node node) {
        if (node.operation() instanceof Operation.Convolution convolution) {
            return forward.convolution(node, convolution);
        }
        return node.operation() instanceof Operation.Product product ? ForwardPass.product(product, batch) : null;
    }

    private void compile(Node node) {
        Operation operation = node.operation();
        if (operation instanceof Operation.Convolution convolution) {
            convolution(node, forward.convolution(node, convolution));
        } else if (operation instanceof Operation.Product product) {
            product(node, ForwardPass.product(product, batch));
        } else if (operation instanceof Operation.BatchNormalisation) {
            norm(node);
        } else if (operation instanceof Operation.Sum sum) {
            sum(node, sum);
        } else if (operation instanceof Operation.Concatenation) {
            concatenation(node);
        } else {
            one(node, operation);
        }
    }

    /** The norm that alone reads a convolution, whose gradient is then read through it; else null. */
    private @Nullable Node normBehind(Node node) {
        List<Node> readers = network.readers(node.name());
        return node.operation() instanceof Operation.Convolution
                        && readers.size() == 1
                        && readers.get(0).operation() instanceof Operation.BatchNormalisation
                ? readers.get(0)
                : null;
    }

    private void convolution(Node node, Convolutions kernels) {
        Node norm = normBehind(node);
        String source = norm == null ? node.name() : norm.name();
        long gradient = gradient(source);
        Convolutions.Gradient of = norm == null
                ? new Convolutions.Gradient(gradient, Reading.NONE, Reading.NONE)
                : forward.norm(norm.name()).gradient(gradient);
        multiplied(node, kernels, of);
        give(source);
    }

    private void product(Node node, Convolutions kernels) {
        long gradient = gradient(node.name());
        int classes = node.output().channels();
        long ofBias = tensors.gradientOf(node.name() + ".bias");
        launches.add(work -> work.forEach(
                "bias_gradient", classes, work.arguments().at(gradient, ofBias).number(classes)));
        multiplied(node, kernels, new Convolutions.Gradient(gradient, Reading.NONE, Reading.NONE));
        give(node.name());
    }

    /** The gradients of a convolution's, or a linear layer's, weights and input. */
    private void multiplied(Node node, Convolutions kernels, Convolutions.Gradient gradient) {
        String weight = node.name() + ".weight";
        Reading input = forward.reading(node.input());
        launches.add(work -> kernels.weightGradient(work, input, gradient, parts, tensors.gradientOf(weight)));
        Target target = target(node.input());
        if (target.exists()) {
            launches.add(work -> kernels.inputGradient(work, gradient, tensors.of(weight), target.at, target.add));
        }
    }

    private void norm(Node node) {
        Norm norm = forward.norm(node.name());
        long gradient = gradient(node.name());
        launches.add(work -> norm.backward(work, gradient));
        Node from = network.nodes().stream()
                .filter(other -> other.name().equals(node.input()))
                .findFirst()
                .orElse(null);
        if (from != null && node.equals(normBehind(from))) {
            return;
        }
        Target target = target(node.input());
        if (target.exists()) {
            launches.add(work -> norm.inputGradient(work, gradient, target.at, target.add));
        }
        give(node.name());
    }

    private void sum(Node node, Operation.Sum sum) {
        long gradient = gradient(node.name());
        Reading output = forward.reading(node.name());
        Target first = target(node.inputs().get(0));
        Target second = target(node.inputs().get(1));
        forEach(
                output,
                "sum_gradient",
                work -> work.arguments()
                        .at(gradient, output.values())
                        .flag(sum.relu())
                        .at(first.at)
                        .flag(first.add)
                        .at(second.at)
                        .flag(second.add)
                        .number(output.pixels(), output.channels()));
        give(node.name());
    }

    private void concatenation(Node node) {
        long gradient = gradient(node.name());
        Reading output = forward.reading(node.name());
        Target first = target(node.inputs().get(0));
        Target second = target(node.inputs().get(1));
        int firstChannels = forward.reading(node.inputs().get(0)).channels();
        forEach(
                output,
                "concatenation_gradient",
                work -> work.arguments()
                        .at(gradient, first.at)
                        .flag(first.add)
                        .at(second.at)
                        .flag(second.add)
                        .number(output.pixels(), firstChannels, output.channels() - firstChannels));
        give(node.name());
    }

    private void one(Node node, Operation operation) {
        long gradient = gradient(node.name());
        Reading input = forward.reading(node.input());
        Reading output = forward.reading(node.name());
        Target target = target(node.input());
        if (target.exists()) {
            if (operation instanceof Operation.Shuffle shuffle) {
                forEach(
                        output,
                        "shuffle_gradient",
                        work -> to(work, gradient, target)
                                .number(shuffle.groups(), output.pixels(), output.channels()));
            } else if (operation instanceof Operation.WindowMean mean) {
                forEach(
                        input,
                        "window_mean_gradient",
                        work -> ForwardPass.window(to(work, gradient, target), input, output, mean));
            } else {
                forEach(
                        input,
                        "image_mean_gradient",
                        work -> to(work, gradient, target).number(input.pixels(), input.channels()));
            }
        }
        give(node.name());
    }

    private interface Given {
        Arguments to(Work work);
    }

    private void forEach(Reading values, String name, Given arguments) {
        String kernel = values.stored().kernel(name);
        launches.add(work -> work.forEach(kernel, (long) batch * values.size(), arguments.to(work)));
    }

    private static Arguments to(Work work, long gradient, Target target) {
        return work.arguments().at(gradient, target.at).flag(target.add);
    }

    /** Where a reader puts its share of a node's gradient, and whether there is one of another reader already. */
    private record Target(long at, boolean add) {
        boolean exists() {
            return at != Reading.NONE;
        }
    }

    /** Images take no gradient. */
    private Target target(String name) {
        if (name.equals(network.input())) {
            return new Target(Reading.NONE, false);
        }
        Long before = gradients.get(name);
        if (before != null) {
            return new Target(before, true);
        }
        long bytes = bytes(name);
        Deque<Long> rooms = free.get(bytes);
        long at = rooms == null || rooms.isEmpty() ? layout.bytes(bytes) : rooms.pop();
        gradients.put(name, at);
        return new Target(at, false);
    }

    private long gradient(String name) {
        return Objects.requireNonNull(gradients.get(name), name);
    }

    private long bytes(String name) {
        Reading reading = forward.reading(name);
        return (long) batch * reading.size() * reading.stored().bytes();
    }

    private void give(String name) {
        free.computeIfAbsent(bytes(name), bytes -> new ArrayDeque<>()).push(gradient(name));
    }
}
