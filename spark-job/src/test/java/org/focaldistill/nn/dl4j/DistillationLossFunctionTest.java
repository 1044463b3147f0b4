package org.focaldistill.nn.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.testing.ReferenceLoss;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DistillationLossFunctionTest {
    private static final IActivation IDENTITY = new ActivationIdentity();

    private final ReferenceLoss reference = ReferenceLoss.read();
    private final DistillationLossFunction function = new DistillationLossFunction(ReferenceLoss.SETTINGS);

    @Test
    void float_arrays_give_the_reference_to_their_precision() {
        INDArray logits = logits(DataType.FLOAT);
        INDArray gradient = function.computeGradient(labels(DataType.FLOAT), logits, IDENTITY, null);

        assertThat(gradient.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(gradient.shape()).containsExactly(4, 100);
        double[] firstSlopes = reference.firstSlopes();
        for (int k = 0; k < 5; k++) {
            assertThat(gradient.getDouble(0, k)).isCloseTo(firstSlopes[k], within(1e-5));
        }
        assertThat(gradient.getDouble(0, 7)).isCloseTo(reference.slopeOfFirstLabel(), within(1e-5));
        assertThat(gradient.norm1Number().doubleValue()).isCloseTo(reference.absoluteSlopes(), within(1e-5));

        LossComponents components = function.lastComponents();
        assertThat(components.ce()).isCloseTo(reference.number("CE"), within(1e-5));
        assertThat(components.kl() / 16)
                .isCloseTo(reference.number("KL(teacher||student) at T=4, no T^2"), within(1e-5));
        assertThat(components.focal()).isCloseTo(reference.number("focal exponent 2:"), within(1e-5));
        assertThat(function.computeScore(labels(DataType.FLOAT), logits, IDENTITY, null, true))
                .isCloseTo(reference.total(), within(1e-5));
    }

    @Test
    void the_student_to_teacher_divergence_is_the_references() {
        LossSettings settings = new LossSettings(
                new LossWeights(1, 0, 0), ReferenceLoss.T, KlDirection.STUDENT_TEACHER, FocalForm.FIXED, 2);
        double score = new DistillationLossFunction(settings)
                .computeScore(labels(DataType.FLOAT), logits(DataType.FLOAT), IDENTITY, null, true);
        assertThat(score / 16).isCloseTo(reference.number("KL(student||teacher) at T=4, no T^2"), within(1e-5));
    }

    @Test
    void arrays_in_any_memory_order_give_the_same() {
        INDArray expected = function.computeGradient(labels(DataType.DOUBLE), logits(DataType.DOUBLE), IDENTITY, null);
        INDArray found = function.computeGradient(
                labels(DataType.DOUBLE).dup('f'), logits(DataType.DOUBLE).dup('f'), IDENTITY, null);
        assertThat(found.dup('c').data().asDouble())
                .isEqualTo(expected.dup('c').data().asDouble());
    }

    @Test
    void the_sum_over_the_batch_is_its_size_times_the_mean_and_the_sum_of_the_images() {
        INDArray labels = labels(DataType.DOUBLE);
        INDArray logits = logits(DataType.DOUBLE);
        double sum = function.computeScore(labels, logits, IDENTITY, null, false);
        assertThat(sum).isCloseTo(4 * reference.total(), within(1e-9));
        INDArray scores = function.computeScoreArray(labels, logits, IDENTITY, null);
        assertThat(scores.shape()).containsExactly(4, 1);
        assertThat(scores.sumNumber().doubleValue()).isCloseTo(sum, within(1e-9));
        assertThat(function.computeGradientAndScore(labels, logits, IDENTITY, null, true)
                        .getFirst())
                .isCloseTo(reference.total(), within(1e-10));
    }

    @Test
    void the_score_after_a_gradient_is_the_gradients_and_later_ones_are_of_what_the_arrays_hold_then() {
        INDArray labels = labels(DataType.DOUBLE);
        INDArray logits = logits(DataType.DOUBLE);
        double expected = function.computeScore(labels, logits, IDENTITY, null, true);
        function.computeGradient(labels, logits, IDENTITY, null);
        assertThat(function.computeScore(labels, logits, IDENTITY, null, true)).isEqualTo(expected);

        logits.muli(2);
        double ofDoubled =
                new DistillationLossFunction(ReferenceLoss.SETTINGS).computeScore(labels, logits, IDENTITY, null, true);
        assertThat(ofDoubled).isNotEqualTo(expected);
        assertThat(function.computeScore(labels, logits, IDENTITY, null, true)).isEqualTo(ofDoubled);
    }

    @Test
    void a_gradient_does_not_change_the_score_of_other_arrays() {
        INDArray labels = labels(DataType.DOUBLE);
        INDArray logits = logits(DataType.DOUBLE);
        double expected = function.computeScore(labels, logits, IDENTITY, null, true);
        function.computeGradient(labels, logits.mul(2), IDENTITY, null);
        assertThat(function.computeScore(labels, logits, IDENTITY, null, true)).isEqualTo(expected);
    }

    @Test
    void labels_without_teacher_logits_do_for_cross_entropy_alone() {
        INDArray classes = Nd4j.create(new double[][] {{7}, {31}, {64}, {99}});
        DistillationLossFunction crossEntropy =
                new DistillationLossFunction(LossSettings.of(LossWeights.CROSS_ENTROPY));
        assertThat(crossEntropy.computeScore(classes, logits(DataType.DOUBLE), IDENTITY, null, true))
                .isCloseTo(reference.number("CE"), within(1e-10));
        assertThatThrownBy(() -> function.computeScore(classes, logits(DataType.DOUBLE), IDENTITY, null, true))
                .hasMessage("alpha is 0.1 but there are no teacher logits");
    }

    @Test
    void labels_of_another_shape_are_refused_with_both_shapes() {
        INDArray logits = logits(DataType.DOUBLE);
        assertThatThrownBy(() -> function.computeGradient(Nd4j.zeros(4, 100), logits, IDENTITY, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Labels of logits [4, 100] are [4, 1] or [4, 101], found [4, 100]");
        assertThatThrownBy(() -> function.computeGradient(Nd4j.zeros(3, 101), logits, IDENTITY, null))
                .hasMessageContaining("found [3, 101]");
    }

    @Test
    void components_before_the_first_gradient_are_an_error() {
        assertThatThrownBy(function::lastComponents)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("No gradient was computed yet");
    }

    private INDArray logits(DataType type) {
        return Nd4j.create(reference.student(), new long[] {4, 100}, 'c').castTo(type);
    }

    /** The class in the first column, the teacher's logits in the others. */
    private INDArray labels(DataType type) {
        double[] values = new double[4 * 101];
        for (int row = 0; row < 4; row++) {
            values[row * 101] = reference.labels()[row];
            System.arraycopy(reference.teacher(), row * 100, values, row * 101 + 1, 100);
        }
        return Nd4j.create(values, new long[] {4, 101}, 'c').castTo(type);
    }
}
