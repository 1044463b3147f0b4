package org.focaldistill.weights;

import java.util.Arrays;

/**
 * A named tensor of 32-bit floats.
 *
 * @param shape its shape; empty for a scalar
 * @param values its elements, row-major; not copied
 */
public record Tensor(long[] shape, float[] values) {
    public Tensor {
        long length = 1;
        for (long extent : shape) {
            length *= extent;
        }
        if (length != values.length) {
            throw new IllegalArgumentException("A tensor of shape " + Arrays.toString(shape) + " has " + length
                    + " elements, found " + values.length);
        }
    }
}
