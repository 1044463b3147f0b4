package org.focaldistill.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The values a loss weight takes in a sweep, in the order given. Spaced values are computed in decimal, so that 0.03 is
 * the double written 0.03 and trial ids do not depend on rounding. An axis without values makes a grid without cells.
 *
 * @param values finite, at least 0, each once
 */
public record Axis(List<Double> values) {
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    public Axis {
        // Adding 0.0 turns -0.0, which is the same weight but another text, into 0.0.
        values = values.stream().map(value -> value + 0.0).toList();
        Set<Double> seen = new HashSet<>();
        for (double value : values) {
            if (!(value >= 0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("An axis takes finite numbers >= 0, found " + value);
            }
            if (!seen.add(value)) {
                throw new IllegalArgumentException("An axis has each value once, found " + value + " twice");
            }
        }
    }

    /** The given values. */
    public static Axis of(double... values) {
        return new Axis(Arrays.stream(values).boxed().toList());
    }

    /**
     * The left edges of {@code count} equal parts of [from, to]: {@code from + i (to - from) / count}. From 0 to 0.1
     * with 10 these are 0, 0.01, ... 0.09.
     */
    public static Axis leftEdges(double from, double to, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("left-edges needs a count of at least 1, found " + count);
        }
        return spaced(from, to, count, count);
    }

    /** {@code count} equally spaced values with both ends: {@code from + i (to - from) / (count - 1)}. */
    public static Axis inclusive(double from, double to, int count) {
        if (count < 2) {
            throw new IllegalArgumentException(
                    "inclusive needs a count of at least 2, one value for each end, found " + count);
        }
        return spaced(from, to, count, count - 1);
    }

    /**
     * {@code count} values with both ends whose ratios are equal, to four digits: {@code from (to / from)^(i / (count - 1))}. From
     * 0.001 to 1 with 4 these are 0.001, 0.01, 0.1 and 1.
     */
    public static Axis logarithmic(double from, double to, int count) {
        if (count < 2) {
            throw new IllegalArgumentException(
                    "log needs a count of at least 2, one value for each end, found " + count);
        }
        if (!(from > 0 && from < to && to <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "A log axis needs 0 < from < to, as 0 has no logarithm, found from " + from + " to " + to);
        }
        Stream<Double> between = IntStream.range(1, count - 1)
                .mapToDouble(i -> from * StrictMath.pow(to / from, (double) i / (count - 1)))
                .mapToObj(value -> new BigDecimal(value).round(FOUR_DIGITS).doubleValue());
        return new Axis(Stream.concat(Stream.concat(Stream.of(from), between), Stream.of(to))
                .toList());
    }

    private static Axis spaced(double from, double to, int count, int parts) {
        if (!(from >= 0 && from < to && to <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("An axis needs 0 <= from < to, found from " + from + " to " + to);
        }
        BigDecimal start = BigDecimal.valueOf(from);
        BigDecimal span = BigDecimal.valueOf(to).subtract(start);
        Stream<Double> values = IntStream.range(0, count)
                .mapToObj(i -> span.multiply(BigDecimal.valueOf(i))
                        .divide(BigDecimal.valueOf(parts), MathContext.DECIMAL128)
                        .add(start)
                        .doubleValue());
        return new Axis(values.toList());
    }
}
