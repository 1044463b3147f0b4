package org.focaldistill.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a reader wants them. */
public final class Decimals {
    private static final MathContext SHOWN = new MathContext(6);
    private static final int LONGEST_PLAIN = 8;
    /** More than neighbouring ticks of an axis have in common, less than what rounding leaves of a double. */
    private static final MathContext TOLD_APART = new MathContext(12);
    /** What is shorter without an exponent. */
    private static final int PLAIN_DIGITS = 9;

    private Decimals() {}

    /** A setting in its shortest form of at most six digits: 0.30000000000000004 is 0.3. */
    public static String compact(double value) {
        BigDecimal rounded = new BigDecimal(value).round(SHOWN).stripTrailingZeros();
        String plain = rounded.toPlainString();
        return plain.length() <= LONGEST_PLAIN ? plain : rounded.toString();
    }

    /** With all its digits but those that rounding made, and without an exponent unless it is very large or small. */
    static String plain(double value) {
        BigDecimal rounded = new BigDecimal(value).round(TOLD_APART).stripTrailingZeros();
        int magnitude = rounded.precision() - rounded.scale();
        return rounded.signum() == 0 || Math.abs(magnitude) <= PLAIN_DIGITS
                ? rounded.toPlainString()
                : rounded.round(SHOWN).stripTrailingZeros().toString();
    }

    /** Rounded to so many digits after the point. */
    public static String fixed(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** With its sign, but for a zero. */
    static String signed(double value, int decimals) {
        String shown = fixed(value, decimals);
        return shown.startsWith("-") || !shown.matches(".*[1-9].*")
                ? shown.replaceFirst("^-(?=[0.]*$)", "")
                : "+" + shown;
    }

    /** A chance under the hypothesis of no effect. */
    static String p(double value) {
        return value < 0.001 ? "<0.001" : fixed(value, 3);
    }
}
