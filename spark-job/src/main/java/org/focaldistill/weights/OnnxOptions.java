package org.focaldistill.weights;

import org.jspecify.annotations.Nullable;

/**
 * How a network is written as ONNX.
 *
 * @param rawPixels whether it takes bytes 0 to 255 and normalises them itself, instead of normalised floats
 * @param foldBatchNorm whether batch norms right behind a convolution become part of it
 * @param temperature that the logits are divided by before a softmax, which is added as a second output; none if null
 */
public record OnnxOptions(
        boolean rawPixels, boolean foldBatchNorm, @Nullable Double temperature) {
    private static final double SMALLEST = 1e-9;
    private static final double LARGEST = 1e9;

    /** Normalised floats in, logits out, node by node. */
    public static final OnnxOptions PLAIN = new OnnxOptions(false, false, null);

    public OnnxOptions {
        // It becomes a float that logits are divided by.
        if (temperature != null && !(temperature >= SMALLEST && temperature <= LARGEST)) {
            throw new IllegalArgumentException("A temperature must be from 1e-9 to 1e9, found " + temperature);
        }
    }
}
