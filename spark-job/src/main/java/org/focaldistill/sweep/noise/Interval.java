package org.focaldistill.sweep.noise;

/**
 * Where a number lies.
 *
 * @param low the lower end
 * @param high the upper end
 */
public record Interval(double low, double high) {
    private static final double NORMAL_97_5 = 1.959963984540054;

    static Interval around(double centre, double halfWidth) {
        return new Interval(centre - halfWidth, centre + halfWidth);
    }

    /**
     * Where a share lies with 95 %, of which {@code share} was seen among so many (Wilson 1927).
     *
     * @param share in [0, 1]
     * @param count above 0; need not be a whole number
     */
    public static Interval ofShare(double share, double count) {
        double z2 = NORMAL_97_5 * NORMAL_97_5 / count;
        double halfWidth = Math.sqrt(z2 * share * (1 - share) + z2 * z2 / 4) / (1 + z2);
        return around((share + z2 / 2) / (1 + z2), halfWidth);
    }

    /** Whether zero lies outside. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
