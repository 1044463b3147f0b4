package org.focaldistill.weights;

/** IEEE 754 half precision: 1 sign bit, 5 of exponent, 10 of fraction. The Java library has it from version 20 on. */
public final class Half {
    /** Where rounding to the nearest half goes to infinity. */
    private static final float OVERFLOW = 65520;

    private Half() {}

    /** Whether a number's nearest half is finite. */
    static boolean holds(float value) {
        return Math.abs(value) < OVERFLOW;
    }

    /** The bits of the nearest halves. */
    public static short[] of(float[] values) {
        short[] halves = new short[values.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = of(values[i]);
        }
        return halves;
    }

    /** The nearest half, of two equally near ones the even one, as Java's own conversion to float rounds. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int ofHalf = (bits >>> 23 & 0xff) - 112;
        if ((bits & 0x1fff) == 0 && ofHalf > 0 && ofHalf < 31) {
            // It is a half already, as all that the bank has are.
            return (short) (sign | ofHalf << 10 | bits >>> 13 & 0x3ff);
        }
        float magnitude = Math.abs(value);
        if (!(magnitude < OVERFLOW)) {
            return (short) (sign | (Float.isNaN(value) ? 0x7e00 : 0x7c00));
        }
        // Adding a power of two as large as the magnitude times 2^13, or 0.5 below the normal halves, leaves just
        // the fraction's bits that a half keeps, rounded by the addition itself.
        int exponent = Math.max(Math.getExponent(magnitude), -14);
        float shifter = Math.scalb(1f, exponent + 13);
        float rounded = magnitude + shifter - shifter;
        int steps = (int) Math.scalb(rounded, 10 - exponent);
        return (short) (sign | (exponent + 14 << 10) + steps);
    }

    /** The exact value of a half's bits. */
    public static float toFloat(short half) {
        int exponent = half >> 10 & 0x1f;
        int fraction = half & 0x3ff;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
        };
        return half < 0 ? -magnitude : magnitude;
    }
}
