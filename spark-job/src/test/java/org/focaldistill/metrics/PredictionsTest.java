package org.focaldistill.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionsTest {

    @Test
    void ranksTheLowerClassFirstAmongEqualLogits() {
        float[] tied = new float[7];
        assertThat(Predictions.of(tied, new int[] {0}).predicted(0)).isZero();
        assertThat(Predictions.of(tied, new int[] {4}).topAccuracy(5)).isEqualTo(1);
        assertThat(Predictions.of(tied, new int[] {5}).topAccuracy(5)).isZero();
    }

    @Test
    void survivesLogitsWhoseExponentialsOverflow() {
        Predictions predictions = Predictions.of(new float[] {3e38f, -3e38f}, new int[] {0});

        assertThat(predictions.confidence(0)).isEqualTo(1);
        assertThat(predictions.nll()).isZero();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesLogitsThatAreNotFinite(float bad) {
        assertThatThrownBy(() -> Predictions.of(new float[] {0, 1, 2, bad}, new int[] {0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Logits must be finite, found " + (double) bad + " in row 1 for class 1");
    }

    @Test
    void refusesALabelOutsideTheClasses() {
        assertThatThrownBy(() -> Predictions.of(new float[] {0, 1, 2, 3}, new int[] {1, 2}))
                .hasMessage("Labels must be in [0, 2), found 2 in row 1");
    }

    @Test
    void refusesLogitsThatDoNotFillTheRows() {
        assertThatThrownBy(() -> Predictions.of(new float[3], new int[2]))
                .hasMessage("Logits must be [samples, classes] for 2 labels, found 3 values");
        assertThatThrownBy(() -> Predictions.of(new float[0], new int[0]))
                .hasMessage("Predictions need at least one sample, found no labels");
    }

    @Test
    void agreesWhereBothPredictTheSameClass() {
        Predictions student = Predictions.of(new float[] {1, 0, 0, 1, 1, 0, 0, 1}, new int[4]);
        Predictions teacher = Predictions.of(new float[] {2, 0, 0, 1, 0, 5, 0, 3}, new int[4]);

        assertThat(student.agreementTop1(teacher)).isEqualTo(0.75);
        assertThat(student.agreementTop1(student)).isEqualTo(1);
        assertThatThrownBy(() -> student.agreementTop1(Predictions.of(new float[2], new int[1])))
                .hasMessage("Agreement needs predictions for the same samples, found [4, 2] and [1, 2]");
    }

    @Property(tries = 200)
    void keepsProbabilitiesSummingToOneAtAnyTemperature(
            @ForAll @Size(12) float[] logits,
            @ForAll @IntRange(max = 3) int label,
            @ForAll @DoubleRange(min = 0.1, max = 10) double temperature) {
        float[] bounded = new float[12];
        for (int i = 0; i < 12; i++) {
            bounded[i] = Float.isFinite(logits[i]) ? logits[i] % 100 : 0;
        }
        Predictions scaled =
                Predictions.of(bounded, new int[] {label, label, label}).atTemperature(temperature);
        for (int row = 0; row < 3; row++) {
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                sum += scaled.probability(row, k);
            }
            assertThat(sum).isCloseTo(1, within(1e-12));
        }
    }

    @Property(tries = 200)
    void ignoresAConstantAddedToEveryLogit(
            @ForAll @FloatRange(min = -20, max = 20) float a,
            @ForAll @FloatRange(min = -20, max = 20) float b,
            @ForAll @IntRange(min = -50, max = 50) int shift) {
        Predictions plain = Predictions.of(new double[] {a, b, 0}, new int[] {1});
        Predictions shifted =
                Predictions.of(new double[] {(double) a + shift, (double) b + shift, shift}, new int[] {1});

        assertThat(shifted.nll()).isCloseTo(plain.nll(), within(1e-10));
    }
}
