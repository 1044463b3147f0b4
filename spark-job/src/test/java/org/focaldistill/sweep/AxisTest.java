package org.focaldistill.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void leftEdgesLeaveTheUpperEndOut() {
        assertThat(Axis.leftEdges(0, 0.1, 10).values())
                .containsExactly(0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09);
    }

    @Test
    void inclusiveHasBothEnds() {
        assertThat(Axis.inclusive(0, 0.1, 3).values()).containsExactly(0.0, 0.05, 0.1);
        assertThat(Axis.inclusive(0, 1, 11).values())
                .containsExactly(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0);
    }

    @Test
    void a_log_axis_has_equal_ratios_to_four_digits_and_both_ends() {
        assertThat(Axis.logarithmic(0.001, 1, 4).values()).containsExactly(0.001, 0.01, 0.1, 1.0);
        assertThat(Axis.logarithmic(0.01, 0.1, 5).values()).containsExactly(0.01, 0.01778, 0.03162, 0.05623, 0.1);
        assertThatThrownBy(() -> Axis.logarithmic(0, 1, 3)).hasMessageContaining("0 < from < to");
    }

    @Test
    void aPartThatNoDecimalWritesIsRoundedOnce() {
        assertThat(Axis.inclusive(0, 1, 4).values()).containsExactly(0.0, 1.0 / 3, 2.0 / 3, 1.0);
    }

    @Property(tries = 200)
    void valuesAreTheDoublesOneWouldWrite(@ForAll @IntRange(min = 1, max = 1000) int count) {
        double to = BigDecimal.valueOf(count, 4).doubleValue();
        assertThat(Axis.leftEdges(0, to, count).values())
                .isEqualTo(IntStream.range(0, count)
                        .mapToObj(i -> BigDecimal.valueOf(i, 4).doubleValue())
                        .toList());
    }

    @Property(tries = 200)
    void spacedValuesAscendWithinTheirEnds(
            @ForAll @IntRange(max = 500) int fromHundredths,
            @ForAll @IntRange(min = 1, max = 500) int widthHundredths,
            @ForAll @IntRange(min = 2, max = 200) int count) {
        double from = fromHundredths / 100.0;
        double to = (fromHundredths + widthHundredths) / 100.0;
        Axis inclusive = Axis.inclusive(from, to, count);
        Axis leftEdges = Axis.leftEdges(from, to, count);
        assertThat(inclusive.values())
                .hasSize(count)
                .isSorted()
                .startsWith(from)
                .endsWith(to);
        assertThat(leftEdges.values())
                .hasSize(count)
                .isSorted()
                .startsWith(from)
                .doesNotContain(to);
    }

    @Test
    void refusesWhatIsNoWeight() {
        assertThatThrownBy(() -> Axis.of(0, -0.1)).hasMessage("An axis takes finite numbers >= 0, found -0.1");
        assertThatThrownBy(() -> Axis.of(Double.NaN)).hasMessageContaining("found NaN");
        assertThatThrownBy(() -> Axis.of(0, 1, 0.0)).hasMessage("An axis has each value once, found 0.0 twice");
        assertThatThrownBy(() -> Axis.of(0.0, -0.0)).hasMessageContaining("twice");
    }

    @Test
    void refusesSpacingsWithoutWidthOrCount() {
        assertThatThrownBy(() -> Axis.leftEdges(0.1, 0.1, 3))
                .hasMessage("An axis needs 0 <= from < to, found from 0.1 to 0.1");
        assertThatThrownBy(() -> Axis.leftEdges(0, 1, 0)).hasMessageContaining("at least 1, found 0");
        assertThatThrownBy(() -> Axis.inclusive(0, 1, 1)).hasMessageContaining("at least 2");
    }

    @Test
    void betaIsComplementaryInDecimal() {
        assertThat(Beta.ONE_MINUS_ALPHA.at(0.9)).isEqualTo(0.1);
        assertThat(Beta.ONE_MINUS_ALPHA.at(0.03)).isEqualTo(0.97);
        assertThat(Beta.fixed(0.5).at(0.9)).isEqualTo(0.5);
    }

    @Test
    void aGridWhoseBetaWouldBeNegativeIsRefused() {
        assertThatThrownBy(() -> new Grid(Axis.of(0.5, 1.5), Axis.of(0), Beta.ONE_MINUS_ALPHA))
                .hasMessageContaining("1 - alpha is negative at alpha 1.5");
        assertThatThrownBy(() -> Beta.fixed(-1)).hasMessage("beta must be a finite number >= 0, found -1.0");
    }
}
