package org.focaldistill.sweep;

/** One bin of a trial's reliability diagram on the test images: a row of {@code reliability/}. Bins are (lower, upper]. */
public record ReliabilityRow(
        String trialId, int bin, double lower, double upper, long count, double confidence, double accuracy) {}
