package org.focaldistill.data;

/** Patterns of generated images; x and y in periods, from the shape's centre. All survive a flip. */
enum Texture {
    PLAIN {
        @Override
        double tone(double x, double y, double phase) {
            return 0;
        }
    },
    HORIZONTAL {
        @Override
        double tone(double x, double y, double phase) {
            return wave(y + phase);
        }
    },
    VERTICAL {
        @Override
        double tone(double x, double y, double phase) {
            return wave(x + phase);
        }
    },
    CHECKED {
        @Override
        double tone(double x, double y, double phase) {
            return 2 * wave(0.8 * x + phase) * wave(0.8 * y + phase);
        }
    },
    RINGED {
        @Override
        double tone(double x, double y, double phase) {
            return wave(Math.sqrt(x * x + y * y) + phase);
        }
    };

    /** Lightness in about -1..1. */
    abstract double tone(double x, double y, double phase);

    /** A triangle wave of period 1: exact on every machine, as sines are not. */
    private static double wave(double t) {
        return 4 * Math.abs(t - Math.floor(t) - 0.5) - 1;
    }
}
