package org.focaldistill.net;

import java.util.random.RandomGenerator;

/** The first values of a parameter. */
public sealed interface Initialisation {
    /** The next value; values are drawn in the order in which the tensor lies, row-major. */
    double next(RandomGenerator random);

    /** All alike. */
    record Constant(double value) implements Initialisation {
        @Override
        public double next(RandomGenerator random) {
            return value;
        }
    }

    /** Normal around 0. */
    record Normal(double deviation) implements Initialisation {
        @Override
        public double next(RandomGenerator random) {
            return random.nextGaussian() * deviation;
        }
    }

    /** Uniform in {@code [-bound, bound)}. */
    record Uniform(double bound) implements Initialisation {
        @Override
        public double next(RandomGenerator random) {
            return random.nextDouble(-bound, bound);
        }
    }
}
