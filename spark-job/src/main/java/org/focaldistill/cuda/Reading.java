package org.focaldistill.cuda;

import org.focaldistill.net.FeatureShape;

/**
 * How kernels read what a node makes: values in a student's arena, as they are, or as a batch norm makes them of what another
 * node wrote.
 *
 * @param values offset of {@code [batch, height, width, channels]}
 * @param stored how the values are
 * @param scale offset of float {@code [channels]}; {@link #NONE} where the values are read as they are
 * @param shift offset of float {@code [channels]}
 * @param relu whether a norm's result below 0 is read as 0
 * @param shape of an image
 */
record Reading(long values, Stored stored, long scale, long shift, boolean relu, FeatureShape shape) {
    /** The offset of what is not there. */
    static final long NONE = -1;

    static Reading plain(long values, Stored stored, FeatureShape shape) {
        return new Reading(values, stored, NONE, NONE, false, shape);
    }

    boolean isPlain() {
        return scale == NONE;
    }

    int pixels() {
        return shape.height() * shape.width();
    }

    int channels() {
        return shape.channels();
    }

    /** How many values there are of an image. */
    int size() {
        return pixels() * channels();
    }
}
