package org.focaldistill.nn.winograd;

import com.sun.jna.Library;

/**
 * The functions of {@code src/main/native/winograd.c}, which says what they do; arrays are addresses of floats. None of them
 * allocates, and several threads may call them.
 */
interface WinogradFunctions extends Library {
    long weights_floats(long in, long out);

    long scratch_floats(long in, long out);

    void transform_weights(long weights, long transformed, long in, long out, int mirrored);

    /** @param bias 0 for none */
    void forward(
            long input,
            long transformed,
            long bias,
            long output,
            long batch,
            long height,
            long width,
            long in,
            long out,
            int adds,
            int relu,
            long scratch);

    void weights_gradient(
            long input,
            long gradient,
            long weights,
            long batch,
            long height,
            long width,
            long in,
            long out,
            long scratch);
}
