package org.focaldistill.sweep;

/** How the learning rate falls over the epochs, after those of the warm-up. */
public enum Schedule {
    /** It is multiplied by a factor at given fractions of the epochs, as in the zoo's CIFAR recipe. */
    STEPS,
    /** Half a cosine, from the initial learning rate towards 0 (Loshchilov and Hutter 2017, without restarts). */
    COSINE
}
