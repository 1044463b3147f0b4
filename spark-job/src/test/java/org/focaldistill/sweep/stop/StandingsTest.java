package org.focaldistill.sweep.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SeedStreams;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.stop.StopRules.Rule;
import org.focaldistill.sweep.stop.StopRules.Yardstick;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StandingsTest {
    private static final StopRules MEDIAN = new StopRules(Rule.MEDIAN, Yardstick.CE, 0.25, 4, 2);
    private static final StopRules HALVING = new StopRules(Rule.HALVING, Yardstick.CE, 0.25, 2, 2);
    private static final int HELD_OUT = 100;

    private static Trial trial(double gamma, long dataSeed, String student, int heldOut) {
        return new Trial(
                new DataRef("cifar100", "d41d8cd98f00b204", false, 1000, heldOut, 100),
                "resnet56",
                "9e107d9d372bb682",
                TeacherMode.ONLINE,
                student,
                LossSettings.of(new LossWeights(0, 1, gamma)),
                new Recipe(8, 64, 0.05, 0.9, 5e-4, List.of(0.625), 0.1),
                dataSeed,
                1,
                1,
                0,
                Computation.CPU_FP32,
                SeedStreams.PLAIN);
    }

    private static PlannedTrial grid(double gamma) {
        return new PlannedTrial(trial(gamma, 1, "resnet20", HELD_OUT), Set.of(Role.GRID));
    }

    private static final List<PlannedTrial> FIVE =
            IntStream.range(0, 5).mapToObj(gamma -> grid(gamma)).toList();

    private static String id(int trial) {
        return FIVE.get(trial).trial().id();
    }

    private static List<HeldOut> course(double... ce) {
        return Arrays.stream(ce).mapToObj(each -> new HeldOut(each, 0.1)).toList();
    }

    private static List<HeldOut> always(double ce, int epochs) {
        return IntStream.range(0, epochs)
                .mapToObj(epoch -> new HeldOut(ce, 0.1))
                .toList();
    }

    private static @Nullable Stop after(Standings standings, String id, int before, List<HeldOut> course) {
        standings.reached(id, course);
        return standings.stop(id, before, course.size());
    }

    @Test
    void a_trial_behind_the_median_stops_and_stays_stopped_whatever_comes_later() {
        Standings standings = new Standings(MEDIAN, FIVE);
        assertThat(after(standings, id(0), 0, always(1, 2))).isNull();
        assertThat(after(standings, id(1), 0, always(2, 2))).isNull();
        Stop stop = after(standings, id(2), 0, always(3, 2));
        assertThat(stop)
                .isEqualTo(new Stop(
                        2,
                        "stopped at epoch 2 of 8 by the median rule: at epoch 2 held-out CE 3.0000, the median of 2 other"
                                + " trials 1.5000"));
        standings.reached(id(3), always(9, 8));
        standings.reached(id(4), always(9, 8));
        assertThat(standings.stop(id(2), 0, 2)).isEqualTo(stop);
    }

    @Test
    void trials_are_compared_at_the_same_epoch() {
        Standings standings = new Standings(MEDIAN, FIVE);
        standings.reached(id(0), course(9, 9, 1, 1, 1, 1, 1, 1));
        standings.reached(id(1), course(9, 9, 1, 1, 1, 1, 1, 1));
        assertThat(after(standings, id(2), 0, course(5, 5))).isNull();
        assertThat(after(standings, id(2), 2, course(5, 5, 5))).isNotNull();
    }

    @Test
    void what_the_median_rule_has_stopped_counts_as_worse_later_so_that_it_does_not_stop_half_again_and_again() {
        Standings standings = new Standings(MEDIAN, FIVE);
        for (int trial = 0; trial < 5; trial++) {
            standings.reached(id(trial), always(trial, 2));
        }
        assertThat(IntStream.range(0, 5).filter(trial -> standings.stop(id(trial), 0, 2) != null))
                .containsExactly(3, 4);
        for (int trial = 0; trial < 3; trial++) {
            standings.reached(id(trial), always(trial, 4));
        }
        assertThat(IntStream.range(0, 3).filter(trial -> standings.stop(id(trial), 2, 4) != null))
                .isEmpty();
    }

    @Test
    void a_trial_that_diverged_counts_with_what_it_had_and_later_as_worse_than_any_for_the_median_alone() {
        for (StopRules rules : List.of(MEDIAN, HALVING)) {
            Standings standings = new Standings(rules, FIVE);
            standings.reached(id(0), always(2, 1));
            standings.ended(id(0));
            standings.reached(id(1), always(1, 8));
            standings.ended(id(1));
            // At the first epochs there are not two others; the diverged one is none.
            assertThat(after(standings, id(2), 0, always(3, 2))).isNull();
        }
        Standings median = new Standings(MEDIAN, FIVE);
        median.reached(id(0), always(1, 8));
        median.reached(id(1), always(2, 8));
        median.ended(id(3));
        median.ended(id(4));
        assertThat(after(median, id(2), 0, always(3, 2))).isNull();
        Standings halving = new Standings(HALVING, FIVE);
        halving.reached(id(0), always(1, 8));
        halving.reached(id(1), always(2, 8));
        halving.ended(id(3));
        halving.ended(id(4));
        assertThat(after(halving, id(2), 0, always(3, 2)).detail())
                .isEqualTo("stopped at epoch 2 of 8 by halving: at epoch 2 held-out CE 3.0000 is place 3 of 3, and the"
                        + " best 2 go on");
    }

    @Test
    void halving_compares_at_a_rung_once_when_a_trial_has_reached_it() {
        Standings standings = new Standings(HALVING, FIVE);
        assertThat(after(standings, id(0), 0, always(4, 3))).isNull();
        assertThat(after(standings, id(1), 0, always(3, 3))).isNull();
        assertThat(after(standings, id(2), 0, always(2, 3))).isNull();
        // Behind both others by now, but past the rung at 2, and not at the one at 4.
        assertThat(standings.stop(id(0), 2, 3)).isNull();
        assertThat(after(standings, id(3), 0, always(5, 3)).detail()).contains("stopped at epoch 3 of 8", "at epoch 2");
    }

    @Test
    void only_trials_of_the_same_student_and_held_out_images_are_compared() {
        PlannedTrial otherSeed = new PlannedTrial(trial(1, 2, "resnet20", HELD_OUT), Set.of(Role.GRID));
        PlannedTrial otherStudent = new PlannedTrial(trial(1, 1, "resnet8", HELD_OUT), Set.of(Role.GRID));
        Standings standings = new Standings(
                new StopRules(Rule.MEDIAN, Yardstick.CE, 0.25, 4, 1),
                List.of(grid(0), otherSeed, otherStudent, grid(1)));
        standings.reached(otherSeed.trial().id(), always(1, 2));
        standings.reached(otherStudent.trial().id(), always(1, 2));
        assertThat(after(standings, id(0), 0, always(2, 2))).isNull();
        assertThat(after(standings, id(1), 0, always(3, 2))).isNotNull();
    }

    @Test
    void what_others_are_compared_with_in_the_end_is_trained_to_its_end() {
        for (Role role : List.of(Role.BASELINE, Role.REFERENCE)) {
            PlannedTrial kept = new PlannedTrial(grid(9).trial(), Set.of(Role.GRID, role));
            Standings standings = new Standings(MEDIAN, List.of(grid(0), grid(1), kept));
            standings.reached(id(0), always(1, 2));
            standings.reached(id(1), always(1, 2));
            assertThat(after(standings, kept.trial().id(), 0, always(9, 2))).isNull();
        }
    }

    @Test
    void a_trial_whose_values_are_not_known_or_not_finite_goes_on_and_is_no_company() {
        Standings standings = new Standings(MEDIAN, FIVE);
        standings.reached(id(0), always(1, 2));
        standings.reached(id(1), always(Double.NaN, 2));
        assertThat(after(standings, id(2), 0, always(3, 2))).isNull();
        assertThat(standings.stop(id(1), 0, 2)).isNull();
        assertThat(standings.stop(id(3), 0, 2)).isNull();
        assertThat(standings.stop("of another sweep", 0, 2)).isNull();
    }

    @Test
    void without_held_out_images_there_is_nothing_to_compare_by() {
        List<PlannedTrial> none = List.of(new PlannedTrial(trial(0, 1, "resnet20", 0), Set.of(Role.GRID)));
        assertThatThrownBy(() -> new Standings(MEDIAN, none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can not be stopped early without held-out images");
        assertThat(new Standings(StopRules.NONE, none).stop("any", 0, 2)).isNull();
    }
}
