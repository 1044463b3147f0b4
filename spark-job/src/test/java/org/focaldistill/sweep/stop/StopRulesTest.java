package org.focaldistill.sweep.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.focaldistill.sweep.stop.StopRules.Rule;
import org.focaldistill.sweep.stop.StopRules.Yardstick;
import org.junit.jupiter.api.Test;

class StopRulesTest {
    private static StopRules rules(Rule rule, double from, int reduction, int atLeast) {
        return new StopRules(rule, Yardstick.CE, from, reduction, atLeast);
    }

    private static final StopRules MEDIAN = rules(Rule.MEDIAN, 0.25, 4, 1);
    private static final StopRules HALVING = rules(Rule.HALVING, 0.25, 2, 1);

    private static Rivals rivals(double... values) {
        return new Rivals(values, 0);
    }

    @Test
    void the_median_rule_stops_what_is_worse_than_the_median_of_the_others() {
        assertThat(MEDIAN.against(2.1, rivals(1, 2, 3)))
                .isEqualTo("held-out CE 2.1000, the median of 3 other trials 2.0000");
        assertThat(MEDIAN.against(2, rivals(1, 2, 3))).isNull();
        assertThat(MEDIAN.against(2.4, rivals(1, 2, 3, 4))).isNull();
        assertThat(MEDIAN.against(2.6, rivals(1, 2, 3, 4))).isNotNull();
    }

    @Test
    void others_that_are_gone_are_worse_than_any_in_the_median() {
        assertThat(MEDIAN.against(2.1, new Rivals(new double[] {1, 2}, 2))).isNull();
        assertThat(MEDIAN.against(2.1, new Rivals(new double[] {1, 2}, 1)))
                .isEqualTo("held-out CE 2.1000, the median of 3 other trials 2.0000");
        assertThat(MEDIAN.against(9, new Rivals(new double[] {1}, 1))).isNull();
    }

    @Test
    void halving_lets_the_best_share_go_on() {
        assertThat(HALVING.against(2.5, rivals(1, 2, 3)))
                .isEqualTo("held-out CE 2.5000 is place 3 of 4, and the best 2 go on");
        assertThat(HALVING.against(1.5, rivals(1, 2, 3))).isNull();
        // The best half of five is three.
        assertThat(HALVING.against(2.5, rivals(1, 2, 3, 4))).isNull();
        assertThat(rules(Rule.HALVING, 0.25, 4, 1).against(1.5, rivals(1, 2, 3)))
                .isNotNull();
    }

    @Test
    void top1_is_better_the_higher_it_is() {
        StopRules byTop1 = new StopRules(Rule.MEDIAN, Yardstick.TOP1, 0.25, 4, 1);
        double good = Yardstick.TOP1.of(new HeldOut(9, 0.5));
        double bad = Yardstick.TOP1.of(new HeldOut(1, 0.4));
        assertThat(byTop1.against(good, rivals(bad))).isNull();
        assertThat(byTop1.against(bad, rivals(good)))
                .isEqualTo("held-out top-1 40.00 %, the median of 1 other trial 50.00 %");
    }

    @Test
    void with_fewer_others_than_asked_for_nothing_stops() {
        StopRules three = rules(Rule.MEDIAN, 0.25, 4, 3);
        assertThat(three.against(9, rivals(1, 2))).isNull();
        assertThat(three.against(9, new Rivals(new double[] {1, 2}, 5))).isNull();
        assertThat(three.against(9, rivals(1, 2, 3))).isNotNull();
        assertThat(rules(Rule.HALVING, 0.25, 2, 3).against(9, rivals(1, 2))).isNull();
    }

    @Test
    void a_value_that_is_not_finite_stops_nothing() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(MEDIAN.against(value, rivals(1, 2, 3))).isNull();
            assertThat(HALVING.against(value, rivals(1, 2, 3))).isNull();
        }
    }

    @Test
    void rungs_begin_where_stopping_does_and_end_before_the_last_epoch() {
        assertThat(rules(Rule.HALVING, 1.0 / 16, 4, 1).rungs(240)).containsExactly(15, 60);
        assertThat(rules(Rule.HALVING, 0.1, 2, 1).rungs(30)).containsExactly(3, 6, 12, 24);
        assertThat(rules(Rule.HALVING, 0.6, 2, 1).rungs(4)).containsExactly(3);
        assertThat(rules(Rule.HALVING, 0.01, 2, 1).rungs(10)).containsExactly(1, 2, 4, 7);
        assertThat(rules(Rule.HALVING, 0.9, 2, 1).rungs(2)).isEmpty();
    }

    @Test
    void halving_compares_at_the_last_rung_that_a_leg_passed_and_the_median_rule_where_it_ended() {
        StopRules halving = rules(Rule.HALVING, 0.1, 2, 1);
        assertThat(halving.compared(0, 2, 30)).isEmpty();
        assertThat(halving.compared(0, 10, 30)).hasValue(6);
        assertThat(halving.compared(6, 11, 30)).isEmpty();
        assertThat(halving.compared(10, 20, 30)).hasValue(12);
        assertThat(MEDIAN.compared(0, 7, 30)).isEmpty();
        assertThat(MEDIAN.compared(0, 8, 30)).hasValue(8);
        assertThat(MEDIAN.compared(20, 30, 30)).isEmpty();
        assertThat(StopRules.NONE.compared(0, 20, 30)).isEmpty();
    }

    @Test
    void the_head_of_a_run_says_them_in_words() {
        assertThat(MEDIAN.inWords())
                .isEqualTo(
                        "from 25 % of its epochs on a trial stops whose held-out CE is worse than the others' median");
        assertThat(rules(Rule.HALVING, 1.0 / 16, 3, 1).inWords())
                .isEqualTo("from 6.25 % of its epochs on a trial stops that is not among the best 1/3 by held-out CE");
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> rules(Rule.MEDIAN, 0, 4, 1)).hasMessageContaining("between 0 and 1, found 0.0");
        assertThatThrownBy(() -> rules(Rule.MEDIAN, Double.NaN, 4, 1)).hasMessageContaining("found NaN");
        assertThatThrownBy(() -> rules(Rule.MEDIAN, 0.5, 1, 1)).hasMessageContaining("found 1 and 1");
        assertThatThrownBy(() -> rules(Rule.MEDIAN, 0.5, 4, 0)).hasMessageContaining("found 4 and 0");
    }

    @Property(tries = 300)
    void the_best_so_far_is_never_stopped(
            @ForAll @Size(max = 12) double[] others,
            @ForAll @IntRange(max = 5) int gone,
            @ForAll @IntRange(min = 2, max = 9) int reduction) {
        double[] finite = Arrays.stream(others).filter(Double::isFinite).toArray();
        double best = Arrays.stream(finite).min().orElse(0);
        for (Rule rule : Rule.values()) {
            assertThat(rules(rule, 0.5, reduction, 1).against(best, new Rivals(finite, gone)))
                    .isNull();
        }
    }

    @Property(tries = 300)
    void equal_values_share_their_fate_and_what_is_worse_is_not_better_off(
            @ForAll @Size(min = 2, max = 12) int[] values, @ForAll @IntRange(min = 2, max = 9) int reduction) {
        for (Rule rule : Rule.values()) {
            StopRules rules = rules(rule, 0.5, reduction, 1);
            for (int i = 0; i < values.length; i++) {
                for (int j = 0; j < values.length; j++) {
                    if (values[i] >= values[j] && stops(rules, values, j)) {
                        assertThat(stops(rules, values, i))
                                .as("%s %d %d", rule, i, j)
                                .isTrue();
                    }
                }
            }
        }
    }

    private static boolean stops(StopRules rules, int[] values, int trial) {
        double[] others = new double[values.length - 1];
        for (int i = 0, next = 0; i < values.length; i++) {
            if (i != trial) {
                others[next++] = values[i];
            }
        }
        return rules.against(values[trial], new Rivals(others, 0)) != null;
    }

    @Property(tries = 300)
    void nothing_is_compared_before_its_time_or_after_the_last_epoch(
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double from,
            @ForAll @IntRange(min = 2, max = 9) int reduction,
            @ForAll @IntRange(min = 1, max = 300) int epochs,
            @ForAll @IntRange(min = 1, max = 300) int reached) {
        for (Rule rule : Rule.values()) {
            OptionalInt compared = rules(rule, from, reduction, 1).compared(0, reached, epochs);
            compared.ifPresent(epoch -> {
                assertThat((double) epoch).isGreaterThanOrEqualTo(from * epochs - 1e-6);
                assertThat(epoch).isBetween(1, Math.min(reached, epochs - 1));
            });
        }
    }
}
