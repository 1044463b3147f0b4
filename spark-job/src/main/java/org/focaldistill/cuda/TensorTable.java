package org.focaldistill.cuda;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.focaldistill.net.Network;
import org.focaldistill.net.ParameterSpec;

/**
 * Where a network's tensors lie in a student's arena. Trained ones, their gradients and their velocities are three vectors of the
 * same order, so that one kernel updates all. Weights lie with their output channels last, {@code [kernel, kernel, in / groups,
 * out]} and {@code [in, out]}, where PyTorch has them first.
 */
final class TensorTable {
    /** Begins of tensors in a vector are multiples of it; what is between is 0 and stays 0. */
    private static final int ALIGNED = 64;

    private final Map<String, ParameterSpec> specs = new LinkedHashMap<>();
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final long weights;
    private final long gradients;
    private final long velocities;
    private final int length;

    TensorTable(Network network, ArenaLayout layout) {
        network.parameters().forEach(spec -> specs.put(spec.name(), spec));
        long trained = 0;
        for (ParameterSpec spec : where(ParameterSpec::trained)) {
            offsets.put(spec.name(), trained * Float.BYTES);
            trained += aligned(spec.length());
        }
        length = Math.toIntExact(trained);
        weights = layout.floats(trained);
        gradients = layout.floats(trained);
        velocities = layout.floats(trained);
        where(ParameterSpec::trained).forEach(spec -> offsets.merge(spec.name(), weights, Long::sum));
        where(spec -> !spec.trained()).forEach(spec -> offsets.put(spec.name(), layout.floats(spec.length())));
    }

    private static long aligned(int values) {
        return ((long) values + ALIGNED - 1) / ALIGNED * ALIGNED;
    }

    private List<ParameterSpec> where(Predicate<ParameterSpec> condition) {
        return specs.values().stream().filter(condition).toList();
    }

    /** All tensors, in the network's order. */
    List<ParameterSpec> all() {
        return where(spec -> true);
    }

    /** Those that are trained. */
    List<ParameterSpec> trained() {
        return where(ParameterSpec::trained);
    }

    /** The offset of a tensor. */
    long of(String name) {
        Long offset = offsets.get(name);
        if (offset == null) {
            throw new IllegalArgumentException("There is no tensor " + name);
        }
        return offset;
    }

    /** The offset of a trained tensor's gradient. */
    long gradientOf(String name) {
        return of(name) - weights + gradients;
    }

    /** The offset of a trained tensor's velocity. */
    long velocityOf(String name) {
        return of(name) - weights + velocities;
    }

    /** The offset of all trained tensors. */
    long weights() {
        return weights;
    }

    /** The offset of all gradients. */
    long gradients() {
        return gradients;
    }

    /** The offset of all velocities. */
    long velocities() {
        return velocities;
    }

    /** Values of each of the three vectors. */
    int length() {
        return length;
    }

    /** A tensor's values in the order of the card. */
    static float[] toCard(ParameterSpec spec, float[] values) {
        float[] moved = new float[values.length];
        int[] order = order(spec.shape());
        for (int i = 0; i < values.length; i++) {
            moved[order[i]] = values[i];
        }
        return moved;
    }

    /** A tensor's values in PyTorch's order. */
    static float[] fromCard(ParameterSpec spec, float[] values) {
        float[] moved = new float[values.length];
        int[] order = order(spec.shape());
        for (int i = 0; i < values.length; i++) {
            moved[i] = values[order[i]];
        }
        return moved;
    }

    /** Where on the card each value of a tensor of PyTorch's is. */
    private static int[] order(long[] shape) {
        int out = (int) shape[0];
        int in = shape.length > 1 ? (int) shape[1] : 1;
        int window = shape.length > 2 ? (int) (shape[2] * shape[3]) : 1;
        int[] order = new int[out * in * window];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int w = 0; w < window; w++) {
                    order[(o * in + i) * window + w] = (w * in + i) * out + o;
                }
            }
        }
        return order;
    }
}
