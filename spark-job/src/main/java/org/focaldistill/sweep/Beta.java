package org.focaldistill.sweep;

import java.math.BigDecimal;

/** How the weight of the cross entropy follows from alpha. */
public sealed interface Beta {
    /** The study's choice: alpha and beta add up to 1. */
    Beta ONE_MINUS_ALPHA = new OneMinusAlpha();

    /** The weight beside the given alpha. */
    double at(double alpha);

    /** The same weight whatever alpha is. */
    static Beta fixed(double value) {
        return new Fixed(value);
    }

    /** {@code 1 - alpha}, computed in decimal: 0.1 beside 0.9, not 0.09999999999999998. */
    record OneMinusAlpha() implements Beta {
        @Override
        public double at(double alpha) {
            if (!(alpha <= 1)) {
                throw new IllegalArgumentException(
                        "1 - alpha is negative at alpha " + alpha + "; give beta as a number, or keep alpha within 1");
            }
            return BigDecimal.ONE.subtract(BigDecimal.valueOf(alpha)).doubleValue();
        }
    }

    /**
     * A fixed weight.
     *
     * @param value finite, at least 0
     */
    record Fixed(double value) implements Beta {
        public Fixed {
            value = value + 0.0;
            if (!(value >= 0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("beta must be a finite number >= 0, found " + value);
            }
        }

        @Override
        public double at(double alpha) {
            return value;
        }
    }
}
