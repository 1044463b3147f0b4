package org.focaldistill.nn;

/**
 * A batch normalisation of a fixed size.
 *
 * @param input the input and output activation
 * @param relu whether {@code max(0, x)} follows
 */
record BatchNormShape(ActivationShape input, boolean relu) {
    /** Added to the variance; PyTorch's default. */
    static final double EPSILON = 1e-5;
    /** The batch's share of the new running statistics; PyTorch's {@code momentum}. */
    static final double MOMENTUM = 0.1;

    /** Values per channel. */
    long samples() {
        return input.batch() * input.height() * input.width();
    }

    /** Turns the biased batch variance into the unbiased one that PyTorch's running statistics take. */
    double unbiased() {
        long n = samples();
        return n > 1 ? (double) n / (n - 1) : 1;
    }
}
