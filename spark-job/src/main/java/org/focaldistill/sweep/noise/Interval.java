package org.focaldistill.sweep.noise;

/**
 * Where a number lies.
 *
 * @param low the lower end
 * @param high the upper end
 */
public record Interval(double low, double high) {

    static Interval around(double centre, double halfWidth) {
        return new Interval(centre - halfWidth, centre + halfWidth);
    }

    /** Whether zero lies outside. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
