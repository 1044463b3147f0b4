package org.focaldistill.nn.dl4j;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;
import org.focaldistill.net.Operation.BatchNormalisation;
import org.focaldistill.net.Operation.Convolution;

/**
 * Which activations of a network may lie in planes, {@code [planes, batch, height, width, channels / planes]}, so that each
 * group of a grouped convolution finds its channels in one piece.
 *
 * <p>A batch norm's output lies as its input does, and what a sum with ReLU adds lies as the sum does: such activations lie alike
 * or not at all. They may lie in planes if all that makes them can write those, 1 x 1 convolutions in as many groups and
 * concatenations, and all that reads them can read those: these, and poolings. A window's mean lies as its input does.
 */
final class Planes {
    private final Network network;
    /** From each activation to another one that lies alike, and from one of them to itself. */
    private final Map<String, String> alike = new HashMap<>();

    private final Map<String, Set<String>> members = new LinkedHashMap<>();
    private final Map<String, Integer> planes = new HashMap<>();

    private Planes(Network network) {
        this.network = network;
        alike.put(network.input(), network.input());
        network.nodes().forEach(node -> alike.put(node.name(), node.name()));
        network.nodes().stream().filter(Planes::keepsLayout).forEach(this::join);
        alike.keySet()
                .forEach(name -> members.computeIfAbsent(first(name), key -> new LinkedHashSet<>())
                        .add(name));
        members.forEach((first, all) -> planes.put(first, decide(all)));
    }

    static Planes of(Network network) {
        return new Planes(network);
    }

    /** In how many planes a node's output may lie; 1 for none, or where it lies as its input does. */
    int ofOutput(Node node) {
        boolean decides = isPointwise(node) || node.operation() instanceof Operation.Concatenation;
        return decides ? Objects.requireNonNull(planes.get(first(node.name()))) : 1;
    }

    private static boolean keepsLayout(Node node) {
        return node.operation() instanceof BatchNormalisation
                || (node.operation() instanceof Operation.Sum sum && sum.relu());
    }

    private void join(Node node) {
        node.inputs().forEach(input -> alike.put(first(input), first(node.name())));
    }

    private String first(String name) {
        String before = Objects.requireNonNull(alike.get(name), name);
        return before.equals(name) ? name : first(before);
    }

    private int decide(Set<String> group) {
        Set<Integer> wanted = new HashSet<>();
        for (String name : group) {
            network.nodes().stream()
                    .filter(node -> node.name().equals(name) || node.inputs().contains(name))
                    .filter(Planes::isPointwise)
                    .forEach(node -> wanted.add(((Convolution) node.operation()).groups()));
        }
        if (wanted.size() != 1) {
            return 1;
        }
        int count = wanted.iterator().next();
        boolean can =
                group.stream().allMatch(this::writesPlanes) && group.stream().allMatch(name -> areRead(name, count));
        return can ? count : 1;
    }

    private boolean writesPlanes(String name) {
        if (name.equals(network.input())) {
            return false;
        }
        Node node = network.node(name);
        return keepsLayout(node) || isPointwise(node) || node.operation() instanceof Operation.Concatenation;
    }

    /** Whether all that reads an activation can read it in so many planes. */
    private boolean areRead(String name, int count) {
        return network.readers(name).stream().allMatch(reader -> reads(reader, count));
    }

    private boolean reads(Node reader, int count) {
        if (isPointwise(reader)) {
            return ((Convolution) reader.operation()).groups() == count;
        }
        if (reader.operation() instanceof Operation.WindowMean) {
            return passesOn(reader, count);
        }
        return keepsLayout(reader)
                || reader.operation() instanceof Operation.Concatenation
                || reader.operation() instanceof Operation.ImageMean;
    }

    /** A mean of other extents may not be large enough for planes where it is added to what is made in its own size. */
    private boolean passesOn(Node mean, int count) {
        Set<String> group = Objects.requireNonNull(members.get(first(mean.name())));
        return group.stream().allMatch(name -> (name.equals(mean.name()) || isNorm(name)) && areRead(name, count));
    }

    private boolean isNorm(String name) {
        return !name.equals(network.input()) && network.node(name).operation() instanceof BatchNormalisation;
    }

    /** A 1 x 1 convolution in groups, in which each group is a matrix product. */
    private static boolean isPointwise(Node node) {
        return node.operation() instanceof Convolution convolution
                && convolution.isPointwise()
                && convolution.groups() > 1;
    }
}
