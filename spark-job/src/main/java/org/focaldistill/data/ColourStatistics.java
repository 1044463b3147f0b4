package org.focaldistill.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Mean and standard deviation of red, green and blue in [0, 1] over all pixels of some images, to four digits behind the
 * point, as such numbers are published. A colour that is the same everywhere has the deviation 1, by which one can divide.
 *
 * @param mean of each colour
 * @param deviation of each colour
 */
public record ColourStatistics(List<Double> mean, List<Double> deviation) {
    private static final double DIGITS = 1e4;
    private static final double LARGEST = 255;

    public ColourStatistics {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
    }

    /** Of at least one image. */
    public static ColourStatistics of(ImageSet images) {
        List<Double> mean = new ArrayList<>();
        List<Double> deviation = new ArrayList<>();
        for (int colour = 0; colour < ImageSet.CHANNELS; colour++) {
            long[] counts = counts(images, colour);
            double pixels = 0;
            double sum = 0;
            double squares = 0;
            for (int value = 0; value < counts.length; value++) {
                double part = value / LARGEST;
                pixels += counts[value];
                sum += counts[value] * part;
                squares += counts[value] * part * part;
            }
            double ofColour = sum / pixels;
            double spread = rounded(Math.sqrt(Math.max(0, squares / pixels - ofColour * ofColour)));
            mean.add(rounded(ofColour));
            deviation.add(spread == 0 ? 1 : spread);
        }
        return new ColourStatistics(mean, deviation);
    }

    /** How often each of the 256 values is there: sums of whole numbers are the same in any order. */
    private static long[] counts(ImageSet images, int colour) {
        int plane = images.side() * images.side();
        byte[] pixels = images.pixels();
        long[] counts = new long[256];
        for (int image = 0; image < images.size(); image++) {
            int from = image * images.imageBytes() + colour * plane;
            for (int i = from; i < from + plane; i++) {
                counts[Byte.toUnsignedInt(pixels[i])]++;
            }
        }
        return counts;
    }

    private static double rounded(double value) {
        return Math.rint(value * DIGITS) / DIGITS;
    }
}
