package org.focaldistill.net;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One tensor of a node, named and shaped as in PyTorch's state_dict.
 *
 * @param name its whole name, e.g. {@code layer1.0.bn1.running_mean}
 * @param shape its shape; not to be changed
 * @param trained whether the optimiser moves it; running statistics are not trained
 * @param initialisation its value in a new network
 */
@SuppressWarnings("ArrayRecordComponent")
public record ParameterSpec(String name, long[] shape, boolean trained, Initialisation initialisation) {

    /** How many values it has. */
    public int length() {
        long length = 1;
        for (long extent : shape) {
            length *= extent;
        }
        return Math.toIntExact(length);
    }

    /** The name without its node's: {@code running_mean}. */
    public String lastName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /**
     * The values of a new network, row-major. Each tensor draws from a generator of its own, seeded by the network's seed and
     * the tensor's name: adding a node does not change the others.
     */
    public float[] initial(long seed) {
        SplittableRandom random = new SplittableRandom(start(seed));
        float[] values = new float[length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) initialisation.next(random);
        }
        return values;
    }

    long start(long seed) {
        return seed * 0x9E3779B97F4A7C15L ^ hash(seedName());
    }

    /** {@link #lastName} in camelCase: {@code runningMean}. */
    public String camelCaseName() {
        String[] words = lastName().split("_", -1);
        StringBuilder camel = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            camel.append(Character.toUpperCase(words[i].charAt(0))).append(words[i], 1, words[i].length());
        }
        return camel.toString();
    }

    /** Seeds were given to names in camelCase first, and trained students are to be repeatable for ever. */
    private String seedName() {
        return name.substring(0, name.length() - lastName().length()) + camelCaseName();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ParameterSpec that
                && name.equals(that.name)
                && Arrays.equals(shape, that.shape)
                && trained == that.trained
                && initialisation.equals(that.initialisation);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, Arrays.hashCode(shape), trained, initialisation);
    }

    /** 64-bit FNV-1a: {@link String#hashCode} has too few bits to keep the tensors' generators apart. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
