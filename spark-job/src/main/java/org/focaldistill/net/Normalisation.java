package org.focaldistill.net;

import java.io.Serializable;
import java.util.List;

/**
 * How a pixel becomes a network's input: its red, green and blue in [0, 1] less their means, divided by their deviations.
 *
 * @param mean what is taken from red, green and blue
 * @param deviation what they are divided by afterwards, above 0
 */
public record Normalisation(List<Double> mean, List<Double> deviation) implements Serializable {
    /** The values of the zoo, taken of CIFAR-100's training images. */
    public static final Normalisation CIFAR100 =
            new Normalisation(List.of(0.5071, 0.4867, 0.4408), List.of(0.2675, 0.2565, 0.2761));

    private static final int COLOURS = 3;

    public Normalisation {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        boolean finite = mean.stream().allMatch(Double::isFinite)
                && deviation.stream().allMatch(each -> each > 0 && Double.isFinite(each));
        if (mean.size() != COLOURS || deviation.size() != COLOURS || !finite) {
            throw new IllegalArgumentException("A normalisation has a mean and a deviation above 0 for each of three"
                    + " colours, found " + mean + " and " + deviation);
        }
    }

    /** The input {@code [3][256]} of each colour's 256 values. */
    public float[][] ofBytes() {
        float[][] table = new float[COLOURS][256];
        for (int c = 0; c < COLOURS; c++) {
            for (int value = 0; value < 256; value++) {
                table[c][value] = (float) ((value / 255.0 - mean.get(c)) / deviation.get(c));
            }
        }
        return table;
    }
}
