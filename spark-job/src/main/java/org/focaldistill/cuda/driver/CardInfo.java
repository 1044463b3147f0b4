package org.focaldistill.cuda.driver;

import java.util.Locale;

/**
 * What a driver says of a card.
 *
 * @param ordinal its number among those this process sees, from 0
 * @param name as NVIDIA calls it, e.g. {@code NVIDIA GeForce RTX 3070}
 * @param uuid as {@code nvidia-smi -L} prints it, {@code GPU-...}
 * @param computeMajor of its compute capability
 * @param computeMinor of its compute capability
 * @param multiprocessors how many it has
 * @param memory its bytes
 * @param cuda the newest CUDA its driver knows: 11000 for 11.0
 */
public record CardInfo(
        int ordinal,
        String name,
        String uuid,
        int computeMajor,
        int computeMinor,
        int multiprocessors,
        long memory,
        int cuda) {

    /** {@code 8.6} */
    public String computeCapability() {
        return computeMajor + "." + computeMinor;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s (%s, compute capability %s, %.1f GiB, driver for CUDA %d.%d)",
                name,
                uuid,
                computeCapability(),
                memory / (double) (1L << 30),
                cuda / 1000,
                cuda % 1000 / 10);
    }
}
