package org.focaldistill.metrics;

import java.util.Arrays;
import org.focaldistill.loss.LogSoftmax;

/**
 * A network's predictions for labelled samples, as log-probabilities [samples, classes] from a stable softmax.
 *
 * <p>The predicted class is the one of the largest logit; among equal logits the lower class index wins, here and in
 * every ranking.
 */
public final class Predictions {
    private final int samples;
    private final int classes;
    private final int[] labels;
    private final int[] predicted;
    private final int[] labelRank;
    private final double[] logProbabilities;

    private Predictions(int classes, int[] labels, int[] predicted, int[] labelRank, double[] logProbabilities) {
        this.samples = labels.length;
        this.classes = classes;
        this.labels = labels;
        this.predicted = predicted;
        this.labelRank = labelRank;
        this.logProbabilities = logProbabilities;
    }

    /**
     * Takes logits apart into what every metric needs.
     *
     * @param logits [samples, classes], row-major, finite; left untouched
     * @param labels [samples], each in [0, classes); their number sets the number of classes
     */
    public static Predictions of(float[] logits, int[] labels) {
        double[] wide = new double[logits.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = logits[i];
        }
        return ofOwned(wide, labels);
    }

    /** As {@link #of(float[], int[])}, in double precision. */
    public static Predictions of(double[] logits, int[] labels) {
        return ofOwned(logits.clone(), labels);
    }

    private static Predictions ofOwned(double[] logits, int[] labels) {
        int samples = labels.length;
        if (samples == 0) {
            throw new IllegalArgumentException("Predictions need at least one sample, found no labels");
        }
        if (logits.length == 0 || logits.length % samples != 0) {
            throw new IllegalArgumentException(
                    "Logits must be [samples, classes] for " + samples + " labels, found " + logits.length + " values");
        }
        int classes = logits.length / samples;
        int[] predicted = new int[samples];
        int[] labelRank = new int[samples];
        for (int row = 0; row < samples; row++) {
            requireRow(logits, labels, row, classes);
            predicted[row] = argmax(logits, row * classes, classes);
            labelRank[row] = rank(logits, row * classes, classes, labels[row]);
            LogSoftmax.of(logits, row * classes, classes, 1, logits, row * classes);
        }
        return new Predictions(classes, labels.clone(), predicted, labelRank, logits);
    }

    private static void requireRow(double[] logits, int[] labels, int row, int classes) {
        for (int k = 0; k < classes; k++) {
            if (!Double.isFinite(logits[row * classes + k])) {
                throw new IllegalArgumentException("Logits must be finite, found " + logits[row * classes + k]
                        + " in row " + row + " for class " + k);
            }
        }
        if (labels[row] < 0 || labels[row] >= classes) {
            throw new IllegalArgumentException(
                    "Labels must be in [0, " + classes + "), found " + labels[row] + " in row " + row);
        }
    }

    private static int argmax(double[] values, int from, int length) {
        int best = 0;
        for (int k = 1; k < length; k++) {
            if (values[from + k] > values[from + best]) {
                best = k;
            }
        }
        return best;
    }

    /** How many classes come before {@code label}: those of larger logits, and of equal logits with a lower index. */
    private static int rank(double[] values, int from, int length, int label) {
        double own = values[from + label];
        int before = 0;
        for (int k = 0; k < length; k++) {
            if (values[from + k] > own || (values[from + k] == own && k < label)) {
                before++;
            }
        }
        return before;
    }

    /**
     * The same predictions with the logits divided by {@code temperature}. Classes keep their order, so accuracies stay
     * as they are.
     */
    public Predictions atTemperature(double temperature) {
        if (!(temperature > 0 && temperature <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("temperature must be a finite number > 0, found " + temperature);
        }
        // log p differs from the logits by a constant a row, which the softmax does not see.
        double[] scaled = new double[logProbabilities.length];
        for (int row = 0; row < samples; row++) {
            LogSoftmax.of(logProbabilities, row * classes, classes, temperature, scaled, row * classes);
        }
        return new Predictions(classes, labels, predicted, labelRank, scaled);
    }

    public int samples() {
        return samples;
    }

    public int classes() {
        return classes;
    }

    /** The sample's true class. */
    public int label(int sample) {
        return labels[sample];
    }

    /** The sample's predicted class. */
    public int predicted(int sample) {
        return predicted[sample];
    }

    /** The probability of a class, in [0, 1]. */
    public double probability(int sample, int klass) {
        return Math.exp(logProbabilities[sample * classes + klass]);
    }

    /** The probability of the predicted class. */
    public double confidence(int sample) {
        return probability(sample, predicted[sample]);
    }

    /** The share of samples whose true class is among the {@code k} of the largest logits. */
    public double topAccuracy(int k) {
        return (double) Arrays.stream(labelRank).filter(rank -> rank < k).count() / samples;
    }

    /** Negative log likelihood of the true class, in nats, mean over samples. */
    public double nll() {
        double sum = 0;
        for (int row = 0; row < samples; row++) {
            sum -= logProbabilities[row * classes + labels[row]];
        }
        return sum / samples;
    }

    /** The share of samples for which both networks predict the same class. */
    public double agreementTop1(Predictions other) {
        if (other.samples != samples || other.classes != classes) {
            throw new IllegalArgumentException("Agreement needs predictions for the same samples, found [" + samples
                    + ", " + classes + "] and [" + other.samples + ", " + other.classes + "]");
        }
        int same = 0;
        for (int row = 0; row < samples; row++) {
            if (predicted[row] == other.predicted[row]) {
                same++;
            }
        }
        return (double) same / samples;
    }
}
