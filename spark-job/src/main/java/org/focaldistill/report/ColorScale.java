package org.focaldistill.report;

import java.awt.Color;
import java.util.List;
import org.jfree.chart.renderer.PaintScale;

/**
 * Blue for the lowest value over near-white to red for the highest: ColorBrewer's RdBu, which colour-blind readers can
 * tell apart.
 *
 * @param low the value of the deepest blue
 * @param high the value of the deepest red, above {@code low}
 */
record ColorScale(double low, double high) implements PaintScale {
    private static final List<Color> STOPS = List.of(
            new Color(0x2166ac),
            new Color(0x67a9cf),
            new Color(0xd1e5f0),
            new Color(0xf7f7f7),
            new Color(0xfddbc7),
            new Color(0xef8a62),
            new Color(0xb2182b));
    private static final double NO_RANGE = 1e-9;

    /** The scale of values from {@code least} to {@code most}; where they are equal, that value is in the middle. */
    static ColorScale over(double least, double most) {
        double size = Math.max(1e-3, Math.max(Math.abs(least), Math.abs(most)));
        if (most - least > NO_RANGE * size) {
            return new ColorScale(least, most);
        }
        return new ColorScale(least - 0.01 * size, least + 0.01 * size);
    }

    @Override
    public double getLowerBound() {
        return low;
    }

    @Override
    public double getUpperBound() {
        return high;
    }

    @Override
    public Color getPaint(double value) {
        double share = (value - low) / (high - low);
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

    /** Black or white, whichever reads better on {@code ground} (luma of ITU-R BT.709; WCAG 2 puts black on deep red). */
    static Color inkOn(Color ground) {
        double luma = 0.2126 * ground.getRed() + 0.7152 * ground.getGreen() + 0.0722 * ground.getBlue();
        return luma > 135 ? Color.BLACK : Color.WHITE;
    }
}
