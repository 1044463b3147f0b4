package org.focaldistill.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The shape of an activation, {@code [batch, height, width, channels]}. */
record ActivationShape(long batch, long height, long width, long channels) {

    static ActivationShape of(INDArray activation) {
        if (activation.rank() != 4) {
            throw new IllegalArgumentException("An activation has the shape [batch, height, width, channels], found "
                    + activation.shapeInfoToString());
        }
        return new ActivationShape(activation.size(0), activation.size(1), activation.size(2), activation.size(3));
    }

    long[] nhwc() {
        return new long[] {batch, height, width, channels};
    }

    /** In oneDNN's logical order, whatever the layout in memory. */
    long[] nchw() {
        return new long[] {batch, channels, height, width};
    }
}
