package org.focaldistill.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final int SAMPLES = 1000;
    private static final int CLASSES = 10;

    @Test
    void equalsThePublishedMetricCode() throws IOException {
        Evaluation evaluation = Evaluation.of(referencePredictions());

        assertThat(evaluation.top1()).isEqualTo(reference("accuracy "));
        assertThat(evaluation.nll()).isCloseTo(reference("T=1 NLL "), within(1e-6));
        assertThat(evaluation.ece()).isCloseTo(reference(" ECE "), within(1e-6));
        assertThat(evaluation.adaEce()).isCloseTo(reference("AdaECE "), within(1e-6));
        assertThat(evaluation.classwiseEce()).isCloseTo(reference("ClasswiseECE "), within(1e-6));
    }

    @Test
    void fitsTheTemperatureOfThePublishedCode() throws IOException {
        TemperatureScaling fitted =
                TemperatureScaling.fit(referencePredictions()).byNll();

        assertThat(fitted.temperature()).isEqualTo(reference("best by NLL T="));
        assertThat(fitted.nll()).isCloseTo(reference("\\(NLL "), within(1e-6));
        assertThat(referencePredictions().atTemperature(fitted.temperature()).nll())
                .isEqualTo(fitted.nll());
    }

    @Test
    void countsEverySampleIntoOneReliabilityBin() throws IOException {
        Evaluation evaluation = Evaluation.of(referencePredictions());

        assertThat(evaluation.reliability()).hasSize(15);
        assertThat(evaluation.reliability().stream()
                        .mapToLong(ReliabilityBin::count)
                        .sum())
                .isEqualTo(SAMPLES);
        double hits = evaluation.reliability().stream()
                .mapToDouble(bin -> bin.count() * bin.accuracy())
                .sum();
        assertThat(hits).isCloseTo(SAMPLES * evaluation.top1(), within(1e-9));
        double ece = evaluation.reliability().stream()
                .mapToDouble(bin -> bin.count() * Math.abs(bin.accuracy() - bin.confidence()) / SAMPLES)
                .sum();
        assertThat(ece).isCloseTo(evaluation.ece(), within(1e-12));
    }

    @Test
    void leavesEmptyBinsAtZero() {
        // Ten classes can not be predicted with less than 0.1 confidence, so the first bin (0, 1/15] is empty.
        Evaluation evaluation = Evaluation.of(Predictions.of(new double[CLASSES], new int[] {0}));

        assertThat(evaluation.reliability().get(0)).isEqualTo(new ReliabilityBin(0, 1f / 15, 0, 0, 0));
        assertThat(evaluation.reliability().get(1).count()).isEqualTo(1);
        assertThat(evaluation.ece()).isCloseTo(0.9, within(1e-12));
    }

    @Test
    void isPerfectWithOneClass() {
        Evaluation evaluation = Evaluation.of(Predictions.of(new float[] {3, -2}, new int[] {0, 0}));

        assertThat(evaluation.top1()).isEqualTo(1);
        assertThat(evaluation.top5()).isEqualTo(1);
        assertThat(evaluation.nll()).isZero();
        assertThat(evaluation.brier()).isZero();
        assertThat(evaluation.ece()).isZero();
        assertThat(evaluation.adaEce()).isZero();
        assertThat(evaluation.classwiseEce()).isZero();
    }

    @Test
    void measuresFewerSamplesThanBins() {
        double[] logits = {Math.log(3), 0, 0, Math.log(9), Math.log(4), 0};
        Evaluation evaluation = Evaluation.of(Predictions.of(logits, new int[] {0, 1, 1}));

        assertThat(evaluation.ece()).isCloseTo((0.25 + 0.1 + 0.8) / 3, within(1e-12));
        // The least confident sample, 0.75, lies on the exclusive lowest edge.
        assertThat(evaluation.adaEce()).isCloseTo((0.1 + 0.8) / 3, within(1e-12));
        assertThat(evaluation.brier()).isCloseTo((2 * 0.0625 + 2 * 0.01 + 2 * 0.64) / 3, within(1e-12));
    }

    @Test
    void countsTiesForTheLowerClass() {
        // All classes equally likely: class 0 is predicted, and every confidence is in one bin.
        Evaluation evaluation = Evaluation.of(Predictions.of(new double[4 * CLASSES], new int[] {0, 0, 4, 5}));

        assertThat(evaluation.top1()).isEqualTo(0.5);
        assertThat(evaluation.top5()).isEqualTo(0.75);
        assertThat(evaluation.ece()).isCloseTo(0.4, within(1e-12));
        // Equal confidences all lie on the exclusive lowest edge.
        assertThat(evaluation.adaEce()).isZero();
        // Classes 0 to 5: shares 0.5, 0, 0, 0, 0.25 and 0.25 beside a probability of 0.1.
        assertThat(evaluation.classwiseEce()).isCloseTo((0.4 + 3 * 0.1 + 2 * 0.15) / 6, within(1e-12));
    }

    @Test
    void leavesTheOnlySampleOutOfTheAdaptiveError() {
        Evaluation evaluation = Evaluation.of(Predictions.of(new double[] {1, 0}, new int[] {1}));

        assertThat(evaluation.adaEce()).isZero();
        assertThat(evaluation.ece()).isPositive();
    }

    private static Predictions referencePredictions() {
        double[] logits = new double[SAMPLES * CLASSES];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = 10 * uniform(7, i + 1) - 5;
        }
        int[] labels = new int[SAMPLES];
        for (int row = 0; row < SAMPLES; row++) {
            labels[row] = referenceLabel(logits, row);
        }
        return Predictions.of(logits, labels);
    }

    private static int referenceLabel(double[] logits, int row) {
        int first = best(logits, row, -1);
        long r = 1L + row;
        if ((r * r * 40503) % 65537 < 42000) {
            return first;
        }
        return (r * 40503) % 65537 < 40000 ? best(logits, row, first) : (int) (r % 10);
    }

    private static int best(double[] logits, int row, int except) {
        int best = -1;
        for (int k = 0; k < CLASSES; k++) {
            if (k != except && (best < 0 || logits[row * CLASSES + k] > logits[row * CLASSES + best])) {
                best = k;
            }
        }
        return best;
    }

    private static double uniform(long t, long i) {
        return ((i * i * 40503 + i * t * 9973 + t * 7919) % 65537) / 65537.0;
    }

    /** The number after the given words in the calibration part of the reference file. */
    private static double reference(String words) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(EvaluationTest.class.getResourceAsStream("/reference/loss_reference.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Matcher matcher = Pattern.compile(words + "([0-9]+(?:\\.[0-9]+)?)")
                    .matcher(text.substring(text.indexOf("\naccuracy ")));
            assertThat(matcher.find()).as(words).isTrue();
            return Double.parseDouble(matcher.group(1));
        }
    }
}
