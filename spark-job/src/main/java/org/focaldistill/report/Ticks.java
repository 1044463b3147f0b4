package org.focaldistill.report;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;

/**
 * An axis's numbers, the same in every locale. The library's own are in the default locale's digits, and 4.64083E0 where
 * ticks are close to each other.
 */
final class Ticks extends NumberFormat {
    static final NumberFormat PLAIN = new Ticks();

    private static final long serialVersionUID = 1;

    private Ticks() {}

    @Override
    public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
        return to.append(Decimals.plain(number));
    }

    @Override
    public StringBuffer format(long number, StringBuffer to, FieldPosition position) {
        return format((double) number, to, position);
    }

    @Override
    public Number parse(String source, ParsePosition position) {
        throw new UnsupportedOperationException("An axis reads no numbers");
    }
}
