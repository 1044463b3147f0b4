package org.focaldistill.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.SamplePoints.Method;
import org.focaldistill.sweep.SamplePoints.Range;
import org.focaldistill.sweep.SamplePoints.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplePointsTest {
    private static final Map<NumericSetting, Range> RANGES = Map.of(
            NumericSetting.ALPHA, new Range(0, 0.8, false),
            NumericSetting.GAMMA, new Range(0.001, 1, true),
            NumericSetting.LEARNING_RATE, new Range(0.01, 0.1, true),
            NumericSetting.BATCH_SIZE, new Range(16, 256, true),
            NumericSetting.TEMPERATURE, Range.of(2));

    private static List<Sample> draw(Method method, int count, long seed) {
        return new SamplePoints(method, count, seed, RANGES, List.of()).samples();
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void values_lie_in_their_ranges_have_four_digits_and_equal_ratios_are_equally_likely(Method method) {
        List<Sample> samples = draw(method, 256, 1);
        samples.forEach(sample -> sample.values().forEach((setting, value) -> {
            Range range = RANGES.get(setting);
            assertThat(value).isBetween(range.from(), range.to());
            assertThat(new BigDecimal(String.valueOf(value))
                            .stripTrailingZeros()
                            .precision())
                    .isLessThanOrEqualTo(4);
        }));
        long below = samples.stream()
                .filter(sample -> sample.values().get(NumericSetting.GAMMA) < Math.sqrt(0.001))
                .count();
        assertThat(below).isBetween(method == Method.SOBOL ? 127L : 100L, method == Method.SOBOL ? 129L : 156L);
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void more_points_go_on_where_fewer_ended(Method method) {
        assertThat(draw(method, 20, 1).subList(0, 7)).isEqualTo(draw(method, 7, 1));
    }

    @Test
    void another_seed_draws_other_random_points() {
        assertThat(draw(Method.RANDOM, 5, 2)).isNotEqualTo(draw(Method.RANDOM, 5, 1));
    }

    @Test
    void a_point_takes_the_place_of_what_it_names_alone() {
        Sample sample = draw(Method.SOBOL, 1, 1).get(0);
        LossSettings loss = sample.in(LossSettings.of(new LossWeights(0.3, 0.7, 5)), Beta.ONE_MINUS_ALPHA);
        assertThat(loss.weights()).isEqualTo(new LossWeights(0.4, 0.6, 0.03162));
        assertThat(loss.temperature()).isEqualTo(2);
        assertThat(loss.focalExponent()).isEqualTo(2);
        Recipe before = new Recipe(10, 64, 0.05, 0.9, 5e-4, List.of(0.5), 0.1);
        assertThat(sample.in(before)).isEqualTo(new Recipe(10, 64, 0.03162, 0.9, 5e-4, List.of(0.5), 0.1));
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void schedules_are_shared_equally_and_change_nothing_of_the_other_axes(Method method) {
        List<Sample> both = new SamplePoints(method, 64, 1, RANGES, List.of(Schedule.STEPS, Schedule.COSINE)).samples();
        assertThat(both)
                .extracting(Sample::values)
                .isEqualTo(draw(method, 64, 1).stream().map(Sample::values).toList());
        assertThat(both.stream()
                        .filter(each -> each.schedule() == Schedule.COSINE)
                        .count())
                .isBetween(method == Method.SOBOL ? 31L : 20L, method == Method.SOBOL ? 33L : 44L);
        Recipe steps = new Recipe(10, 64, 0.05, 0.9, 5e-4, List.of(0.5), 0.1);
        assertThat(both)
                .allSatisfy(each -> assertThat(each.in(steps).schedule()).isEqualTo(each.schedule()));
    }

    @Test
    void what_can_be_no_axis_is_refused_in_words() {
        assertThatThrownBy(() -> new Range(0, 1, true)).hasMessageContaining("0 has no logarithm");
        assertThatThrownBy(() -> new Range(2, 1, false)).hasMessageContaining("found from 2.0 to 1.0");
        assertThatThrownBy(() ->
                        new SamplePoints(Method.SOBOL, 3, 1, Map.of(NumericSetting.ALPHA, Range.of(1)), List.of()))
                .hasMessageContaining("points need alpha and gamma");
    }
}
