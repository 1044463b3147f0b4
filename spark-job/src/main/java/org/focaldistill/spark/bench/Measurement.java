package org.focaldistill.spark.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Something that was measured, once or several times.
 *
 * @param topic what it belongs to, e.g. {@code training}
 * @param what was measured, e.g. {@code resnet20}
 * @param how in which way, e.g. {@code 2 slots}
 * @param unit of the values
 * @param values one a round, in their order
 */
public record Measurement(String topic, String what, String how, String unit, List<Double> values) {
    public Measurement {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("Nothing was measured of " + topic + " " + what);
        }
    }

    /** The median of the rounds; of an even number of them the mean of the middle two. */
    public double median() {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
