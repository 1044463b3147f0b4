package org.focaldistill.nn;

/**
 * A batch normalisation of a fixed size.
 *
 * @param input the input and output activation
 * @param relu whether {@code max(0, x)} follows
 */
public record BatchNormShape(ActivationShape input, boolean relu) {
    /** Values per channel. */
    public long samples() {
        return input.batch() * input.height() * input.width();
    }

    /** Turns the biased batch variance into the unbiased one that PyTorch's running statistics take. */
    public double unbiased() {
        long n = samples();
        return n > 1 ? (double) n / (n - 1) : 1;
    }
}
