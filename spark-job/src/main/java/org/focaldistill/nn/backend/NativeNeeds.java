package org.focaldistill.nn.backend;

import org.focaldistill.net.FeatureShape;
import org.focaldistill.net.Network;
import org.focaldistill.net.Node;

/**
 * About how much memory outside the Java heap networks take on a CPU, known without one: fitted to the zoo's networks, of
 * which none took more (MEASURED.md), and some three quarters. Loads nothing.
 */
public final class NativeNeeds {
    /** Libraries and the JVM's own, once in a process. */
    public static final long OF_PROCESS = 200L << 20;

    /** Images that networks are evaluated on at a time. */
    private static final int EVALUATED = 128;

    private NativeNeeds() {}

    /** A student in training, with its evaluation: activations and their gradients, weights in all layouts, velocities. */
    public static long ofStudent(Network network, int batchSize) {
        return activations(network) * batchSize * Float.BYTES * 13 / 10 + ofClassifier(network);
    }

    /** A network in evaluation mode. */
    public static long ofClassifier(Network network) {
        long largest =
                network.nodes().stream().mapToLong(NativeNeeds::elements).max().orElseThrow();
        return largest * EVALUATED * Float.BYTES * 14 + network.cost().parameters() * Float.BYTES * 34;
    }

    /** Whether what needs so much surely has no room, as it may need half of that. */
    public static boolean surelyTooMuch(long needed, long room) {
        return needed / 2 > room;
    }

    private static long activations(Network network) {
        return network.nodes().stream().mapToLong(NativeNeeds::elements).sum();
    }

    private static long elements(Node node) {
        FeatureShape shape = node.output();
        return (long) shape.height() * shape.width() * shape.channels();
    }
}
