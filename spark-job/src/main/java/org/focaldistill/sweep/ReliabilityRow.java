package org.focaldistill.sweep;

import org.jspecify.annotations.Nullable;

/**
 * One bin of a trial's reliability diagram on the test images: a row of {@code reliability/}. Bins are (lower, upper].
 *
 * @param count images in the bin
 * @param confidence their mean confidence; 0 in an empty bin
 * @param accuracy the share of them predicted right; 0 in an empty bin
 * @param scaled the same bin after temperature scaling by the validation split's NLL; null without such a split
 */
public record ReliabilityRow(
        String trialId,
        int bin,
        double lower,
        double upper,
        long count,
        double confidence,
        double accuracy,
        @Nullable Filling scaled) {

    /** What is in a bin. */
    public record Filling(long count, double confidence, double accuracy) {}

    /** What is in it without temperature scaling. */
    public Filling filling() {
        return new Filling(count, confidence, accuracy);
    }
}
