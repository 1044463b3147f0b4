package org.focaldistill.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.junit.jupiter.api.Test;

class YardstickSplitTest {
    private static final LossSettings PLAIN = LossSettings.of(LossWeights.CROSS_ENTROPY);

    private static LossSettings smoothed(double smoothing) {
        return new LossSettings(LossWeights.CROSS_ENTROPY, 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2)
                .withLabelSmoothing(smoothing);
    }

    @Test
    void smoothed_labels_are_another_yardstick_for_the_same_network() {
        LossComponents network = new LossComponents(1.5, 3, 2, 6, 1.5, Double.NaN);

        YardstickSplit split = YardstickSplit.of(network, PLAIN, network, smoothed(0.1));

        assertThat(split.yardstick()).isCloseTo(0.1 * (6 - 3), within(1e-12));
        assertThat(split.learned()).isZero();
        LossComponents unknown = new LossComponents(1.5, 3, 2);
        assertThat(YardstickSplit.of(unknown, PLAIN, unknown, PLAIN).total()).isZero();
        assertThat(YardstickSplit.of(unknown, PLAIN, unknown, smoothed(0.1)).total())
                .isNaN();
    }

    @Test
    void saysThatTheSameNetworkLearnedNothing() {
        LossComponents network = new LossComponents(1.5, 3, 2);

        YardstickSplit split =
                YardstickSplit.of(network, PLAIN, network, LossSettings.of(new LossWeights(0.1, 0.9, 0.01)));

        // dL/dalpha = KL - CE and dL/dgamma = F: 0.1 (1.5 - 3) + 0.01 * 2
        assertThat(split.yardstick()).isCloseTo(-0.13, within(1e-12));
        assertThat(split.learned()).isZero();
    }

    @Test
    void saysThatCellsOfTheSameWeightsDifferByWhatTheyLearned() {
        YardstickSplit split =
                YardstickSplit.of(new LossComponents(1, 3, 2), PLAIN, new LossComponents(9, 2.5, 7), PLAIN);

        assertThat(split.yardstick()).isZero();
        assertThat(split.learned()).isEqualTo(-0.5);
    }

    @Test
    void leavesOutAComponentWithoutWeightEvenIfItIsNotANumber() {
        YardstickSplit split = YardstickSplit.of(
                new LossComponents(Double.NaN, 3, 2), PLAIN, new LossComponents(Double.NaN, 2, 1), PLAIN);

        assertThat(split.total()).isEqualTo(-1);
    }

    @Property(tries = 200)
    void addsUpToTheDifferenceOfTheTotals(
            @ForAll @DoubleRange(min = 0, max = 1) double alpha,
            @ForAll @DoubleRange(min = 0, max = 2) double gamma,
            @ForAll @DoubleRange(min = 0, max = 5) double ce,
            @ForAll @DoubleRange(min = 0, max = 5) double focal) {
        LossComponents first = new LossComponents(1.2, 3.4, 2.1);
        LossComponents second = new LossComponents(0.7, ce, focal);
        LossSettings weights = LossSettings.of(new LossWeights(alpha, 1 - alpha, gamma));

        YardstickSplit split = YardstickSplit.of(first, PLAIN, second, weights);

        assertThat(split.total()).isCloseTo(second.total(weights) - first.total(PLAIN), within(1e-12));
    }
}
