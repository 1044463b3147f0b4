package org.focaldistill.sweep.noise;

/** Which values of a quantity one wants. */
public enum Better {
    LOWER,
    HIGHER;

    /** A difference as a gain: above 0 where it is for the better. */
    public double gain(double difference) {
        return this == LOWER ? -difference : difference;
    }
}
