package org.focaldistill.sweep.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cells whose test CE grows with alpha, by far more than it moves from seed to seed. */
class RaceTest {
    private static final List<Double> ALPHAS = List.of(0.0, 0.3, 0.6, 0.9);
    private static final RaceRules BEST = rules(Question.BEST, 0, 0);

    private static RaceRules rules(Question question, int maxTrials, double maxHours) {
        return new RaceRules(question, RaceQuantity.CE, 0, 2, 1, maxTrials, maxHours);
    }

    private static SweepPlan plan(int seeds) {
        List<PlannedTrial> planned = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            for (double alpha : ALPHAS) {
                Trial trial = SampleOutcomes.trial(alpha, 1 - alpha, alpha == 0.3 ? 0.1 : 0, seed);
                planned.add(new PlannedTrial(trial, Set.of(alpha == 0 ? Role.BASELINE : Role.GRID)));
            }
        }
        return new SweepPlan(planned);
    }

    /** Outcomes that differ from seed to seed in each cell alike but for a little. */
    private static Function<String, @Nullable TrialOutcome> outcomesOf(List<Trial> trials) {
        Map<String, TrialOutcome> outcomes = trials.stream()
                .map(SampleOutcomes::ok)
                .collect(Collectors.toMap(o -> o.trial().id(), o -> o));
        return outcomes::get;
    }

    /** Runs it to its end. */
    private static Race run(RaceRules rules, SweepPlan all) {
        Race race = Race.of(rules, all, id -> null);
        while (!race.isOver()) {
            race = Race.of(rules, all, outcomesOf(race.planned()));
        }
        return race;
    }

    @Test
    void it_begins_with_a_few_seeds_of_all_cells_and_gives_the_others_no_more_than_they_need() {
        Race begin = Race.of(BEST, plan(5), id -> null);
        assertThat(begin.planned()).hasSize(2 * ALPHAS.size());
        assertThat(begin.isOver()).isFalse();
        assertThat(begin.rows()).allMatch(row -> row.looks() == 0 && row.state() == CellState.OPEN);

        Race end = run(BEST, plan(5));
        assertThat(end.planned()).hasSize(2 * ALPHAS.size());
        assertThat(end.rows())
                .extracting(RaceRow::state)
                .containsExactly(CellState.BEST, CellState.BEATEN, CellState.BEATEN, CellState.BEATEN);
        assertThat(end.rows()).allMatch(row -> row.end() == RaceEnd.ANSWERED && row.seeds() == 2);
        assertThat(end.plan().trials())
                .extracting(each -> each.trial())
                .containsExactlyInAnyOrderElementsOf(end.planned());
    }

    @Test
    void its_name_is_the_same_in_all_rounds_and_with_any_budget_and_another_with_another_question() {
        Race begin = Race.of(BEST, plan(5), id -> null);
        assertThat(run(BEST, plan(5)).sweepId()).isEqualTo(begin.sweepId());
        assertThat(Race.of(rules(Question.BEST, 100, 3), plan(5), id -> null).sweepId())
                .isEqualTo(begin.sweepId());
        assertThat(Race.of(rules(Question.BEATS_BASELINE, 0, 0), plan(5), id -> null)
                        .sweepId())
                .isNotEqualTo(begin.sweepId());
        assertThat(Race.of(BEST, plan(6), id -> null).sweepId()).isNotEqualTo(begin.sweepId());
    }

    @Test
    void a_round_that_costs_more_than_allowed_is_not_begun_and_a_larger_budget_goes_on() {
        // No two cells are told apart when all have one value.
        Function<String, @Nullable TrialOutcome> first =
                alike(Race.of(BEST, plan(5), id -> null).planned());
        RaceRules tight = rules(Question.BEST, 2 * ALPHAS.size(), 0);
        Race spent = Race.of(tight, plan(5), first);
        assertThat(spent.isOver()).isTrue();
        assertThat(spent.planned()).hasSize(2 * ALPHAS.size());
        assertThat(spent.rows()).allMatch(row -> row.end() == RaceEnd.NO_BUDGET);

        Race on = Race.of(rules(Question.BEST, 3 * ALPHAS.size(), 0), plan(5), first);
        assertThat(on.isOver()).isFalse();
        assertThat(on.planned()).hasSize(3 * ALPHAS.size());

        assertThat(Race.of(rules(Question.BEST, 3, 0), plan(5), id -> null).planned())
                .isEmpty();
    }

    @Test
    void hours_are_counted_by_the_trials_before() {
        List<Trial> planned = Race.of(BEST, plan(5), id -> null).planned();
        double hours = planned.stream()
                .mapToDouble(trial -> SampleOutcomes.ok(trial).run().trainSeconds() / 3600)
                .sum();
        assertThat(Race.of(rules(Question.BEST, 0, 1.4 * hours), plan(5), alike(planned))
                        .isOver())
                .isTrue();
        assertThat(Race.of(rules(Question.BEST, 0, 1.6 * hours), plan(5), alike(planned))
                        .isOver())
                .isFalse();
    }

    /** Each trial has the values of its seed's first cell, moved a little to and fro. */
    private static Function<String, @Nullable TrialOutcome> alike(List<Trial> trials) {
        Map<String, TrialOutcome> outcomes = new HashMap<>();
        for (int i = 0; i < trials.size(); i++) {
            Trial trial = trials.get(i);
            TrialOutcome model =
                    SampleOutcomes.ok(SampleOutcomes.trial(i % 3 == 0 ? 0.5 : 0.1, 0.5, 0, trial.dataSeed()));
            outcomes.put(trial.id(), SampleOutcomes.as(model, trial));
        }
        return outcomes::get;
    }

    @Test
    void what_later_rounds_may_train_is_known_from_the_beginning_until_nothing_is_left_to_train() {
        assertThat(Race.of(BEST, plan(5), id -> null).possible()).isEqualTo(plan(5));
        Function<String, @Nullable TrialOutcome> first =
                alike(Race.of(BEST, plan(5), id -> null).planned());
        assertThat(Race.of(rules(Question.BEST, 2 * ALPHAS.size(), 0), plan(5), first)
                        .possible()
                        .trials())
                .hasSize(2 * ALPHAS.size());
        Race end = run(BEST, plan(5));
        assertThat(end.possible()).isEqualTo(end.plan());
    }

    @Test
    void a_round_waits_for_all_its_outcomes() {
        List<Trial> planned = Race.of(BEST, plan(5), id -> null).planned();
        Race race = Race.of(BEST, plan(5), outcomesOf(planned.subList(0, planned.size() - 1)));
        assertThat(race.isOver()).isFalse();
        assertThat(race.planned()).containsExactlyElementsOf(planned);
    }

    @Test
    void of_cells_that_train_alike_one_races() {
        List<PlannedTrial> planned = new ArrayList<>();
        for (double temperature : new double[] {1, 4}) {
            for (double alpha : new double[] {0, 0.5}) {
                for (long seed = 1; seed <= 3; seed++) {
                    LossSettings loss = new LossSettings(
                            new LossWeights(alpha, 1 - alpha, 0),
                            temperature,
                            KlDirection.TEACHER_STUDENT,
                            FocalForm.FIXED,
                            temperature);
                    planned.add(new PlannedTrial(SampleOutcomes.trial(loss, seed, false), Set.of(Role.GRID)));
                }
            }
        }
        Race race = Race.of(BEST, new SweepPlan(planned), id -> null);
        assertThat(race.rows())
                .extracting(row -> row.trial().loss().weights().alpha() + " T "
                        + row.trial().loss().temperature())
                .containsExactly("0.0 T 1.0", "0.5 T 1.0", "0.5 T 4.0");
    }

    @Test
    void a_pair_waits_for_the_others_round_so_that_the_budget_is_the_same_however_a_race_was_stopped() {
        List<PlannedTrial> both = new ArrayList<>(plan(5).trials());
        for (PlannedTrial each : plan(5).trials()) {
            Trial trial = each.trial();
            both.add(new PlannedTrial(
                    SampleOutcomes.trial(new Pair("resnet56", "resnet8"), trial.loss(), trial.dataSeed(), false),
                    each.roles()));
        }
        SweepPlan all = new SweepPlan(both);
        RaceRules tight = rules(Question.BEATS_BASELINE, 4 * ALPHAS.size(), 0);
        List<Trial> first = Race.of(tight, all, id -> null).planned();
        assertThat(first).hasSize(4 * ALPHAS.size());
        // One pair is done with its round, of the other one a trial is missing.
        Race stopped = Race.of(tight, all, alike(first.subList(0, first.size() - 1)));
        assertThat(stopped.isOver()).isFalse();
        assertThat(stopped.planned()).isEqualTo(first);
    }

    @Test
    void too_few_seeds_and_crossed_ones_are_refused() {
        assertThatThrownBy(() -> Race.of(BEST, plan(2), id -> null)).hasMessageContaining("found 2");
        List<PlannedTrial> crossed = new ArrayList<>();
        for (long data = 1; data <= 2; data++) {
            for (long init = 1; init <= 2; init++) {
                crossed.add(new PlannedTrial(
                        SampleOutcomes.with(SampleOutcomes.trial(0, 1, 0, 1), Seed.plain(data, init)),
                        Set.of(Role.GRID)));
            }
        }
        assertThatThrownBy(() -> Race.of(BEST, new SweepPlan(crossed), id -> null))
                .hasMessageContaining("found 2 data x 2 init seeds");
    }
}
