package org.focaldistill.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogSoftmaxTest {
    private static final double[] LOGITS = {9, 0, Math.log(3), Math.log(4), 9};

    @Test
    void one_samples_logits_become_logarithms_of_its_probabilities() {
        double[] result = {7, 7, 7, 7, 7};

        LogSoftmax.of(LOGITS, 1, 3, 1, result, 2);

        assertThat(result[0]).isEqualTo(7);
        assertThat(result[1]).isEqualTo(7);
        assertThat(Math.exp(result[2])).isCloseTo(1 / 8., within(1e-15));
        assertThat(Math.exp(result[3])).isCloseTo(3 / 8., within(1e-15));
        assertThat(Math.exp(result[4])).isCloseTo(4 / 8., within(1e-15));
    }

    @Test
    void a_temperature_of_two_is_a_root_of_the_ratios() {
        double[] result = new double[3];

        LogSoftmax.of(LOGITS, 1, 3, 2, result, 0);

        assertThat(Math.exp(result[2] - result[0])).isCloseTo(2, within(1e-15));
    }

    @Test
    void the_logits_own_array_may_take_the_result() {
        double[] apart = new double[3];
        LogSoftmax.of(LOGITS, 1, 3, 1.7, apart, 0);
        double[] inPlace = LOGITS.clone();

        LogSoftmax.of(inPlace, 1, 3, 1.7, inPlace, 1);

        assertThat(inPlace).containsExactly(9, apart[0], apart[1], apart[2], 9);
    }

    @Test
    void differences_too_large_for_an_exponential_stay() {
        double[] result = new double[2];

        LogSoftmax.of(new double[] {1e300, -1e300}, 0, 2, 1, result, 0);

        assertThat(result).containsExactly(0, -2e300);
    }
}
