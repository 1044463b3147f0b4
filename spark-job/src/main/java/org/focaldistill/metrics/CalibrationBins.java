package org.focaldistill.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples counted into bins (lower, upper] by a probability, to compare it with how often the event came true. The
 * arithmetic is that of Mukhoti et al. 2020 (their published code), so numbers can be set beside theirs.
 */
final class CalibrationBins {
    /** Bins of every calibration error here, as in Guo et al. 2017. */
    static final int COUNT = 15;

    private final double[] edges;
    private final long[] count;
    private final double[] probability;
    private final long[] hits;

    private CalibrationBins(double[] edges) {
        this.edges = edges;
        this.count = new long[edges.length - 1];
        this.probability = new double[edges.length - 1];
        this.hits = new long[edges.length - 1];
    }

    /** Bins of equal width over (0, 1]. Edges are rounded to float as {@code torch.linspace} makes them. */
    static CalibrationBins equalWidth() {
        double[] edges = new double[COUNT + 1];
        float step = 1f / COUNT;
        for (int i = 0; i <= COUNT; i++) {
            edges[i] = i <= COUNT / 2 ? i * step : 1f - (COUNT - i) * step;
        }
        return new CalibrationBins(edges);
    }

    /**
     * Bins of equal mass: edges interpolated between the sorted values at positions {@code samples * k / 15}. The
     * lowest edge is the smallest value and is exclusive, so the least probable samples are in no bin.
     */
    static CalibrationBins equalMass(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] edges = new double[COUNT + 1];
        double step = (double) sorted.length / COUNT;
        for (int i = 0; i < COUNT; i++) {
            edges[i] = interpolate(sorted, i * step);
        }
        edges[COUNT] = sorted[sorted.length - 1];
        return new CalibrationBins(edges);
    }

    private static double interpolate(double[] sorted, double position) {
        int below = (int) position;
        if (below >= sorted.length - 1) {
            return sorted[sorted.length - 1];
        }
        return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - below);
    }

    /** Counts a sample; one on or below the lowest edge is in no bin. */
    void add(double value, boolean hit) {
        for (int bin = 0; bin < count.length; bin++) {
            if (value > edges[bin] && value <= edges[bin + 1]) {
                count[bin]++;
                probability[bin] += value;
                hits[bin] += hit ? 1 : 0;
                return;
            }
        }
    }

    /** Sum over bins of {@code n_b/N * |accuracy_b - confidence_b|}; an empty bin adds nothing. */
    double error(int samples) {
        double error = 0;
        for (int bin = 0; bin < count.length; bin++) {
            error += Math.abs(hits[bin] - probability[bin]) / samples;
        }
        return error;
    }

    List<ReliabilityBin> toList() {
        List<ReliabilityBin> bins = new ArrayList<>();
        for (int bin = 0; bin < count.length; bin++) {
            long n = Math.max(1, count[bin]);
            bins.add(new ReliabilityBin(
                    edges[bin], edges[bin + 1], count[bin], probability[bin] / n, (double) hits[bin] / n));
        }
        return List.copyOf(bins);
    }
}
