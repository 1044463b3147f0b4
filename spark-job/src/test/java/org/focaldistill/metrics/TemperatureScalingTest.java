package org.focaldistill.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TemperatureScalingTest {
    private static final int CLASSES = 5;

    /** Labels drawn from the softmax of the logits, which are then multiplied: calibrated at that temperature. */
    private static Predictions overconfident(double factor, int samples) {
        Random random = new Random(8);
        double[] logits = new double[samples * CLASSES];
        int[] labels = new int[samples];
        for (int row = 0; row < samples; row++) {
            double[] exponentials = new double[CLASSES];
            double sum = 0;
            for (int k = 0; k < CLASSES; k++) {
                double logit = 2 * random.nextGaussian();
                logits[row * CLASSES + k] = factor * logit;
                exponentials[k] = Math.exp(logit);
                sum += exponentials[k];
            }
            double left = random.nextDouble() * sum;
            while (labels[row] < CLASSES - 1 && left > exponentials[labels[row]]) {
                left -= exponentials[labels[row]++];
            }
        }
        return Predictions.of(logits, labels);
    }

    @Test
    void findsTheTemperatureAtWhichPredictionsAreCalibrated() {
        Predictions predictions = overconfident(2.5, 20_000);

        TemperatureScaling.Fit fit = TemperatureScaling.fit(predictions);

        assertThat(fit.byNll().temperature()).isCloseTo(2.5, within(0.11));
        assertThat(fit.byEce().temperature()).isCloseTo(2.5, within(0.21));
        assertThat(fit.byNll().ece()).isLessThan(0.02);
        assertThat(TemperatureScaling.of(predictions, 1).ece()).isGreaterThan(0.1);
    }

    @Test
    void triesEveryTemperatureForBothCriteria() {
        Predictions predictions = overconfident(1.7, 300);
        TemperatureScaling.Fit fit = TemperatureScaling.fit(predictions);

        for (int step = 1; step <= 100; step++) {
            Evaluation scaled = Evaluation.of(predictions.atTemperature(step / 10.0));
            assertThat(fit.byNll().nll()).isLessThanOrEqualTo(scaled.nll());
            assertThat(fit.byEce().ece()).isLessThanOrEqualTo(scaled.ece());
        }
        Evaluation chosen = Evaluation.of(predictions.atTemperature(fit.byEce().temperature()));
        assertThat(fit.byEce().ece()).isEqualTo(chosen.ece());
        assertThat(fit.byEce().nll()).isEqualTo(chosen.nll());
        assertThat(fit.byNll().nll()).isLessThanOrEqualTo(fit.byEce().nll());
    }

    @Test
    void keepsAccuracyAndChangesNothingAtOne() {
        Predictions predictions = overconfident(3, 200);

        assertThat(predictions.atTemperature(4.2).topAccuracy(1)).isEqualTo(predictions.topAccuracy(1));
        assertThat(TemperatureScaling.of(predictions, 1).nll()).isCloseTo(predictions.nll(), within(1e-12));
    }

    @Test
    void takesTheFirstOfEquallyGoodTemperatures() {
        // One class has probability 1 at any temperature.
        TemperatureScaling.Fit oneClass = TemperatureScaling.fit(Predictions.of(new double[] {3, -2}, new int[2]));
        // Equal logits stay equal.
        TemperatureScaling.Fit tied =
                TemperatureScaling.fit(Predictions.of(new double[] {1, 1, 1, 1}, new int[] {0, 1}));

        assertThat(oneClass.byNll()).isEqualTo(new TemperatureScaling(0.1, 0, 0));
        assertThat(oneClass.byEce()).isEqualTo(oneClass.byNll());
        assertThat(tied.byNll().temperature()).isEqualTo(0.1);
        assertThat(tied.byNll().nll()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(tied.byEce().ece()).isCloseTo(0, within(1e-12));
    }

    @Test
    void fitsFewerSamplesThanBins() {
        // One right and one wrong prediction: the less confidence the better.
        TemperatureScaling.Fit fit =
                TemperatureScaling.fit(Predictions.of(new double[] {2, 0, 2, 0}, new int[] {0, 1}));

        assertThat(fit.byNll().temperature()).isEqualTo(10);
        assertThat(fit.byEce().temperature()).isEqualTo(10);
    }
}
