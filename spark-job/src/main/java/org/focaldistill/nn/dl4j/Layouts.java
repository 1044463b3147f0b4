package org.focaldistill.nn.dl4j;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;
import org.focaldistill.net.Operation;
import org.focaldistill.net.Operation.BatchNormalisation;
import org.jspecify.annotations.Nullable;

/**
 * Decides how the activations of a network and their gradients lie in memory when it trains: in one pass over its nodes, so that
 * a description says nothing of it and can not get it wrong. What follows from an activation's size, whether it is large enough
 * for planes and how long its rows are, the kernels' library says when the batch is known ({@link ActivationArrays}).
 */
final class Layouts {
    private final Network network;
    private final Planes planes;
    /** Deeplearning4j adds up the gradients of all that read the images, so all must leave theirs out or none. */
    private final boolean imagesNeedNoGradient;

    private final Map<String, NodeLayout> layouts = new HashMap<>();

    private Layouts(Network network) {
        this.network = network;
        this.planes = Planes.of(network);
        this.imagesNeedNoGradient = network.readers(network.input()).stream()
                .allMatch(node -> node.operation() instanceof Operation.Convolution);
        for (Node node : network.nodes()) {
            layouts.put(node.name(), layout(node));
        }
    }

    static Layouts of(Network network) {
        return new Layouts(network);
    }

    NodeLayout of(Node node) {
        return Objects.requireNonNull(layouts.get(node.name()));
    }

    private NodeLayout layout(Node node) {
        boolean readsImages = imagesNeedNoGradient && node.inputs().contains(network.input());
        NodeLayout.SumLayout sum = node.operation() instanceof Operation.Sum s && s.relu()
                ? sum(node.inputs().get(0), node.inputs().get(1))
                : null;
        return new NodeLayout(planes.ofOutput(node), readsImages, sum);
    }

    /**
     * The gradient in both summands is one array where that is safe; along the shortcuts of a stage it is the same one all the
     * way, and a branch that begins with a convolution that can add does what Deeplearning4j would do in a pass of its own.
     */
    private NodeLayout.SumLayout sum(String first, String second) {
        boolean takesPlace = mayBeOverwritten(first);
        Node begins = beginningOfBranch(first, second);
        boolean shares = maySingleArrayBeBoth(first, second, begins != null);
        if (begins == null || !shares || !isJoin(network.node(second))) {
            return new NodeLayout.SumLayout(takesPlace, shares, null, null);
        }
        // Not where the array is the gradient in the convolution's own output, too.
        boolean adds = !begins.name().equals(first) && begins.operation() instanceof Operation.Convolution;
        return new NodeLayout.SumLayout(takesPlace, true, second, adds ? begins.name() : null);
    }

    /**
     * Whether nothing reads a summand but the sum: it comes from a batch normalisation without ReLU, whose backward pass does
     * not look at it, and goes nowhere else.
     */
    private boolean mayBeOverwritten(String summand) {
        return !summand.equals(network.input())
                && network.node(summand).operation() instanceof BatchNormalisation norm
                && !norm.relu()
                && readers(summand) == 1;
    }

    /**
     * Whether an array may be the gradient in both summands, although Deeplearning4j adds the gradients of other readers into
     * it: only where such a reader begins the branch that ends in the first summand, and so comes when all else has been read.
     */
    private boolean maySingleArrayBeBoth(String first, String second, boolean branchFromSecond) {
        return !first.equals(network.input())
                && !second.equals(network.input())
                && readers(first) == 1
                && (readers(second) == 1 || (branchFromSecond && readers(second) == 2));
    }

    private static boolean isJoin(Node node) {
        return node.operation() instanceof Operation.Concatenation
                || (node.operation() instanceof Operation.Sum sum && sum.relu());
    }

    /** The node that reads a shortcut's beginning and begins the branch which ends in that node, if there is such a branch. */
    private @Nullable Node beginningOfBranch(String branch, String shortcut) {
        String at = branch;
        while (!at.equals(network.input())) {
            Node node = network.node(at);
            if (node.inputs().size() != 1) {
                return null;
            }
            if (node.input().equals(shortcut)) {
                return node;
            }
            at = node.input();
        }
        return null;
    }

    private int readers(String name) {
        return network.readers(name).size();
    }
}
