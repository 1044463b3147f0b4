/**
 * Convolutions 3 x 3 of stride 1 by Winograd's algorithm, in kernels of our own for AVX2 and AVX-512 on Linux ({@code
 * src/main/native}): for floats on a CPU, on activations that lie pixel after pixel. Begin with {@link
 * org.focaldistill.nn.winograd.Winograd}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.winograd;
