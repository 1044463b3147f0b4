package org.focaldistill.net;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a network is: nodes from the images to the logits. Made by a {@link NetworkBuilder}, which sees to the shapes.
 *
 * @param input what nodes that read the images name as their input
 * @param images the shape of an image
 * @param normalisation how an image's pixels become its input
 * @param nodes each after its inputs; the last yields the logits, {@code [batch, classes]}, and is read by none
 */
public record Network(String input, FeatureShape images, Normalisation normalisation, List<Node> nodes) {
    public Network {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("A network has at least one node");
        }
        Set<String> known = new HashSet<>(Set.of(input));
        for (Node node : nodes) {
            if (!known.containsAll(node.inputs())) {
                throw new IllegalArgumentException(
                        node.name() + " reads " + node.inputs() + ", of which not all come before it");
            }
            if (!known.add(node.name())) {
                throw new IllegalArgumentException("There are two nodes " + node.name());
            }
        }
        requireLogits(nodes);
    }

    private static void requireLogits(List<Node> nodes) {
        Node last = nodes.get(nodes.size() - 1);
        if (!last.operation().makesVector()) {
            throw new IllegalArgumentException("The last node yields the logits, a vector of an image; " + last.name()
                    + " yields " + last.output());
        }
        Set<String> unread = new LinkedHashSet<>();
        nodes.forEach(node -> unread.add(node.name()));
        nodes.forEach(node -> node.inputs().forEach(unread::remove));
        unread.remove(last.name());
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("No node reads " + unread + ", and only the last one is the output");
        }
    }

    /**
     * What it sees of images.
     *
     * @throws IllegalArgumentException if it is not for square images
     */
    public ImageInput imageInput() {
        ImageInput input = new ImageInput(images.height(), normalisation);
        if (!input.shape().equals(images)) {
            throw new IllegalArgumentException(
                    "Images are square and have three colours, the network is for " + images);
        }
        return input;
    }

    /** The node that yields the logits. */
    public Node output() {
        return nodes.get(nodes.size() - 1);
    }

    /** How many logits there are. */
    public int classes() {
        return output().output().channels();
    }

    /**
     * The node of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Node node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The network has no node " + name));
    }

    /** The nodes that read a node, or the network's input; one that reads it twice is there twice. */
    public List<Node> readers(String name) {
        List<Node> readers = new ArrayList<>();
        for (Node node : nodes) {
            node.inputs().stream().filter(name::equals).forEach(same -> readers.add(node));
        }
        return readers;
    }

    /** All tensors, node by node. */
    public List<ParameterSpec> parameters() {
        return nodes.stream().flatMap(node -> node.parameters().stream()).toList();
    }

    /** What it costs to train and to run. */
    public Cost cost() {
        return Cost.of(this);
    }
}
