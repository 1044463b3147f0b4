package org.focaldistill.loss;

/**
 * The softened probabilities of an image without its true class: {@code n_k = p_k / (1 - p_y)} for the others, which add up to 1.
 * The array is used again for each image.
 */
final class OtherClasses {
    private final double temperature;
    private final double[] logN;
    private double logTrue;
    private double logRest;

    OtherClasses(double temperature, int classes) {
        this.temperature = temperature;
        logN = new double[classes];
    }

    /** Takes an image's logits {@code [classes]} that start at {@code from}. */
    void read(double[] logits, int from, int label) {
        LogSoftmax.of(logits, from, logN.length, temperature, logN, 0);
        logTrue = logN[label];
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < logN.length; k++) {
            largest = k == label ? largest : Math.max(largest, logN[k]);
        }
        double sum = 0;
        for (int k = 0; k < logN.length; k++) {
            sum += k == label ? 0 : Math.exp(logN[k] - largest);
        }
        // Added up rather than taken from 1, so that it keeps its digits next to p_y = 1.
        logRest = largest + Math.log(sum);
        for (int k = 0; k < logN.length; k++) {
            logN[k] -= logRest;
        }
    }

    /** {@code log p_y}. */
    double logTrue() {
        return logTrue;
    }

    /** {@code log(1 - p_y)}. */
    double logRest() {
        return logRest;
    }

    /** {@code log n_k}, of a class that is not the true one. */
    double logN(int k) {
        return logN[k];
    }
}
