package org.focaldistill.loss;

/** Logarithms of class probabilities from logits, in double precision. */
public final class LogSoftmax {
    private LogSoftmax() {}

    /**
     * Writes {@code log softmax(z / temperature)} of one sample. The largest logit is taken off first, so that no
     * exponential overflows and the sum of them is at least 1.
     *
     * @param logits holds the sample's logits z {@code [classes]} from {@code from} on
     * @param result receives the logarithms from {@code to} on; may be {@code logits} itself, at the same place
     */
    public static void of(double[] logits, int from, int classes, double temperature, double[] result, int to) {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            max = Math.max(max, logits[from + k]);
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            result[to + k] = (logits[from + k] - max) / temperature;
            sum += Math.exp(result[to + k]);
        }
        double logSum = Math.log(sum);
        for (int k = 0; k < classes; k++) {
            result[to + k] -= logSum;
        }
    }
}
