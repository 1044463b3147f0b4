package org.focaldistill.report;

import java.awt.Color;
import java.util.List;

/**
 * Blue for the lowest value over near-white to red for the highest: ColorBrewer's RdBu, which colour-blind readers can
 * tell apart.
 *
 * @param low the value of the deepest blue
 * @param high the value of the deepest red, at least {@code low}
 */
record ColorScale(double low, double high) {
    private static final List<Color> STOPS = List.of(
            new Color(0x2166ac),
            new Color(0x67a9cf),
            new Color(0xd1e5f0),
            new Color(0xf7f7f7),
            new Color(0xfddbc7),
            new Color(0xef8a62),
            new Color(0xb2182b));

    /** The colour of a value; the middle one when all values are equal. */
    Color of(double value) {
        double share = high > low ? (value - low) / (high - low) : 0.5;
        double position = Math.min(1, Math.max(0, share)) * (STOPS.size() - 1);
        int below = Math.min((int) position, STOPS.size() - 2);
        return mix(STOPS.get(below), STOPS.get(below + 1), position - below);
    }

    private static Color mix(Color from, Color to, double share) {
        return new Color(
                mix(from.getRed(), to.getRed(), share),
                mix(from.getGreen(), to.getGreen(), share),
                mix(from.getBlue(), to.getBlue(), share));
    }

    private static int mix(int from, int to, double share) {
        return (int) Math.round(from + share * (to - from));
    }

    /** Black or white, whichever reads better on {@code ground} (relative luminance of ITU-R BT.709). */
    static Color inkOn(Color ground) {
        double luminance = 0.2126 * ground.getRed() + 0.7152 * ground.getGreen() + 0.0722 * ground.getBlue();
        return luminance > 140 ? Color.BLACK : Color.WHITE;
    }
}
