package org.focaldistill.metrics;

import java.util.List;

/**
 * Accuracy and calibration of predictions. Accuracies and calibration errors are fractions in [0, 1], not percent.
 *
 * @param samples how many samples were measured
 * @param top1 share predicted right
 * @param top5 share whose true class is among the five of the largest logits
 * @param nll negative log likelihood in nats, mean over samples
 * @param brier squared error of the probabilities, summed over classes, mean over samples; in [0, 2]
 * @param ece expected calibration error over 15 bins of equal width (Guo et al. 2017)
 * @param adaEce the same over 15 bins of equal mass; the least confident samples are in none of them
 * @param classwiseEce calibration error of every class's probability over all samples, 15 bins of equal width, mean
 *     over classes 0 to the largest label; some {@code classes} times smaller than {@code ece}
 * @param reliability the 15 bins of {@code ece}
 */
public record Evaluation(
        int samples,
        double top1,
        double top5,
        double nll,
        double brier,
        double ece,
        double adaEce,
        double classwiseEce,
        List<ReliabilityBin> reliability) {

    public Evaluation {
        reliability = List.copyOf(reliability);
    }

    /** Measures predictions. Definitions follow Mukhoti et al. 2020 and its published code, quirks included. */
    public static Evaluation of(Predictions predictions) {
        CalibrationBins byConfidence = CalibrationBins.equalWidth();
        count(predictions, byConfidence);
        return new Evaluation(
                predictions.samples(),
                predictions.topAccuracy(1),
                predictions.topAccuracy(5),
                predictions.nll(),
                brier(predictions),
                byConfidence.error(predictions.samples()),
                adaptiveError(predictions),
                classwiseError(predictions),
                byConfidence.toList());
    }

    /** {@code of(predictions).ece()} alone. */
    static double ece(Predictions predictions) {
        CalibrationBins bins = CalibrationBins.equalWidth();
        count(predictions, bins);
        return bins.error(predictions.samples());
    }

    private static void count(Predictions predictions, CalibrationBins bins) {
        for (int i = 0; i < predictions.samples(); i++) {
            bins.add(predictions.confidence(i), predictions.predicted(i) == predictions.label(i));
        }
    }

    private static double brier(Predictions predictions) {
        double sum = 0;
        for (int i = 0; i < predictions.samples(); i++) {
            for (int k = 0; k < predictions.classes(); k++) {
                double miss = predictions.probability(i, k) - (predictions.label(i) == k ? 1 : 0);
                sum += miss * miss;
            }
        }
        return sum / predictions.samples();
    }

    private static double adaptiveError(Predictions predictions) {
        double[] confidences = new double[predictions.samples()];
        for (int i = 0; i < confidences.length; i++) {
            confidences[i] = predictions.confidence(i);
        }
        CalibrationBins bins = CalibrationBins.equalMass(confidences);
        count(predictions, bins);
        return bins.error(confidences.length);
    }

    private static double classwiseError(Predictions predictions) {
        int classes = 0;
        for (int i = 0; i < predictions.samples(); i++) {
            classes = Math.max(classes, predictions.label(i) + 1);
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            CalibrationBins bins = CalibrationBins.equalWidth();
            for (int i = 0; i < predictions.samples(); i++) {
                bins.add(predictions.probability(i, k), predictions.label(i) == k);
            }
            sum += bins.error(predictions.samples());
        }
        return sum / classes;
    }
}
