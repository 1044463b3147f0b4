package org.focaldistill.sweep.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.TrialOutcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a race promises, on made-up outcomes: prints MEASURED's table. */
@Tag("slow")
class RaceErrorRatesTest {
    private static final int RACES = 2000;
    private static final int CELLS = 50;
    private static final int SEEDS = 12;
    private static final double SD = 0.01;
    /** 95 % and three standard errors of a share of {@link #RACES}. */
    private static final double MOST_FALSE = 0.05 + 3 * Math.sqrt(0.05 * 0.95 / RACES);

    private static final Predicate<PairRace> FIRST_IS_BEATEN =
            race -> race.cells().get(0).state() == CellState.BEATEN;

    private static final StringBuilder TABLE = new StringBuilder(
            "\n| question | cells | false answers | answered | trials, mean | trials of the full grid |\n|---|---|--:|--:|--:|--:|\n");

    @AfterAll
    static void print() {
        System.out.println(TABLE);
    }

    private record Tally(double falseShare, double answered, double trials) {}

    private static Tally race(RaceRules rules, double[] truth, Predicate<PairRace> isFalse) {
        return race(MadeUpRace.of(rules, truth, SEEDS, SD), isFalse);
    }

    private static Tally race(MadeUpRace made, Predicate<PairRace> isFalse) {
        RandomGenerator random = new Well19937c(7);
        return tally(() -> made.run(random), isFalse);
    }

    private static Tally tally(Supplier<PairRace> races, Predicate<PairRace> isFalse) {
        int wrong = 0;
        int answered = 0;
        long trials = 0;
        for (int i = 0; i < RACES; i++) {
            PairRace race = races.get();
            wrong += isFalse.test(race) ? 1 : 0;
            answered += race.end() == RaceEnd.ANSWERED ? 1 : 0;
            trials += MadeUpRace.trials(race);
        }
        return new Tally((double) wrong / RACES, (double) answered / RACES, (double) trials / RACES);
    }

    private static void tell(String question, String cells, Tally tally, int full) {
        TABLE.append(String.format(
                Locale.ROOT,
                "| %s | %s | %.1f %% | %.0f %% | %.0f | %d |%n",
                question,
                cells,
                100 * tally.falseShare(),
                100 * tally.answered(),
                tally.trials(),
                full));
    }

    private static RaceRules rules(Question question, double margin) {
        return new RaceRules(question, RaceQuantity.CE, margin, 2, 1, 0, 0);
    }

    private static double[] alike() {
        return new double[CELLS];
    }

    private static double[] withDifferent(int from, double difference) {
        double[] truth = alike();
        Arrays.fill(truth, from, CELLS, difference);
        return truth;
    }

    private static Predicate<PairRace> anyOf(CellState state, int from) {
        return race -> IntStream.range(from, CELLS)
                .anyMatch(cell -> race.cells().get(cell).state() == state);
    }

    @Test
    void where_all_cells_are_alike_the_one_that_is_to_be_kept_is_seldom_beaten() {
        Tally tally = race(rules(Question.BEST, 0), alike(), FIRST_IS_BEATEN);
        tell("best", "all alike", tally, CELLS * SEEDS);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
        assertThat(tally.answered()).isLessThan(0.1);
    }

    @Test
    void the_best_of_cells_that_differ_is_found_with_a_fraction_of_the_trials() {
        double[] truth = new double[CELLS];
        for (int cell = 1; cell < CELLS; cell++) {
            truth[cell] = 2 * SD + 0.2 * SD * cell;
        }
        Tally tally = race(rules(Question.BEST, 0), truth, FIRST_IS_BEATEN);
        int full = CELLS * seedsOfFullGrid(truth, tally.answered());
        tell("best", "best one 2.2 sd ahead", tally, full);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
        assertThat(tally.answered()).isGreaterThan(0.85);
        assertThat(tally.trials()).isLessThan(full * 0.5);
    }

    /** How many seeds for all cells tell the first one from all others as often, with 5 % of false answers. */
    private static int seedsOfFullGrid(double[] truth, double share) {
        for (int seeds = 8; ; seeds++) {
            RaceRules all = new RaceRules(Question.BEST, RaceQuantity.CE, 0, seeds, 1, 0, 0);
            MadeUpRace made = MadeUpRace.of(all, truth, seeds, SD);
            RandomGenerator random = new Well19937c(8);
            int answered = 0;
            for (int i = 0; i < RACES; i++) {
                answered += made.run(random).end() == RaceEnd.ANSWERED ? 1 : 0;
            }
            if (answered >= share * RACES) {
                return seeds;
            }
        }
    }

    @Test
    void no_cell_is_called_better_where_none_is() {
        Tally tally = race(rules(Question.BEATS_BASELINE, 0), alike(), anyOf(CellState.BETTER, 1));
        tell("beats-baseline", "all alike", tally, CELLS * SEEDS);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
    }

    @Test
    void better_and_worse_cells_are_told_and_trained_no_further() {
        double[] truth = withDifferent(CELLS / 2, 3 * SD);
        Arrays.fill(truth, 1, 6, -3 * SD);
        Tally tally = race(
                rules(Question.BEATS_BASELINE, 0.5 * SD),
                truth,
                anyOf(CellState.BETTER, 6)
                        .or(race -> IntStream.range(1, 6)
                                .anyMatch(cell -> race.cells().get(cell).state() == CellState.NOT_BETTER)));
        tell("beats-baseline", "5 better, 25 worse by 3 sd, 19 alike", tally, CELLS * SEEDS);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
        assertThat(tally.trials()).isLessThan(0.7 * CELLS * SEEDS);
    }

    @Test
    void a_cell_just_outside_the_margin_is_seldom_called_equivalent() {
        double margin = 2 * SD;
        double[] truth = withDifferent(1, margin * 1.001);
        Tally tally = race(rules(Question.EQUIVALENT, margin), truth, anyOf(CellState.EQUIVALENT, 1));
        tell("equivalent within 2 sd", "all just outside", tally, CELLS * SEEDS);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
    }

    @Test
    void equivalent_cells_are_told_early() {
        Tally tally = race(rules(Question.EQUIVALENT, 4 * SD), alike(), anyOf(CellState.DIFFERENT, 1));
        tell("equivalent within 4 sd", "all alike", tally, CELLS * SEEDS);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
        assertThat(tally.answered()).isGreaterThan(0.95);
        assertThat(tally.trials()).isLessThan(0.6 * CELLS * SEEDS);
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "0, 5", "7, 10"})
    void a_cell_that_is_much_noisier_than_the_others_is_no_more_often_beaten_nor_beats(int noisy, double times) {
        MadeUpRace made = MadeUpRace.of(rules(Question.BEST, 0), alike(), SEEDS, SD);
        Tally tally = race(made.noisier(times, noisy), FIRST_IS_BEATEN);
        tell("best", noisyCell(noisy == 0 ? "the one looked at" : "another one", times), tally, CELLS * SEEDS);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
    }

    private static String noisyCell(String which, double times) {
        return "all alike, " + which + " " + Math.round(times) + " times as noisy";
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "7, 5"})
    void nor_is_a_cell_called_better_for_its_noise_or_the_baselines(int noisy, double times) {
        MadeUpRace made = MadeUpRace.of(rules(Question.BEATS_BASELINE, 0), alike(), SEEDS, SD);
        Tally tally = race(made.noisier(times, noisy), anyOf(CellState.BETTER, 1));
        tell("beats-baseline", noisyCell(noisy == 0 ? "the baseline" : "another one", times), tally, CELLS * SEEDS);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
    }

    @Test
    void values_in_steps_coarser_than_their_noise_give_no_more_false_answers() {
        double step = 2 * SD;
        double[] sds = new double[CELLS];
        Arrays.fill(sds, SD);
        // Half way between two steps the noise decides, and without what seeds have in common it is the same half way
        // for all.
        double[] truth = new double[CELLS];
        Arrays.fill(truth, step / 2);
        Tally tally = race(new MadeUpRace(rules(Question.BEST, 0), truth, sds, 0, step, SEEDS), FIRST_IS_BEATEN);
        tell("best", "all alike, in steps of 2 sd", tally, CELLS * SEEDS);
        assertThat(tally.falseShare()).isLessThan(MOST_FALSE);
    }

    @Test
    void temperatures_at_alpha_0_train_alike_and_count_as_one_cell() {
        SweepPlan twins = twins();
        CellsOfPair cells = CellsOfPair.of(twins).get(0);
        Tally alike = raceOfTwins(cells, twins, 0);
        tell("best", "6 alike, one of them 4 times", alike, cells.cells() * cells.seeds());
        assertThat(alike.falseShare()).isLessThan(MOST_FALSE);
        // A copy of the best one would never be beaten.
        Tally best = raceOfTwins(cells, twins, 6 * SD);
        tell("best", "best one 6 sd ahead, 4 times", best, cells.cells() * cells.seeds());
        assertThat(best.answered()).isGreaterThan(0.9);
    }

    /** Four temperatures at alpha 0, and five other alphas. */
    private static SweepPlan twins() {
        List<PlannedTrial> planned = new ArrayList<>();
        for (long seed = 1; seed <= 5; seed++) {
            for (int cell = 0; cell < 9; cell++) {
                double alpha = cell < 4 ? 0 : 0.1 * cell;
                LossSettings loss = new LossSettings(
                        new LossWeights(alpha, 1 - alpha, 0),
                        cell < 4 ? 1 + cell : 4,
                        KlDirection.TEACHER_STUDENT,
                        FocalForm.FIXED,
                        2);
                planned.add(new PlannedTrial(SampleOutcomes.trial(loss, seed, false), Set.of(Role.GRID)));
            }
        }
        return new SweepPlan(planned);
    }

    /** @param ahead of all others is the cell at alpha 0 */
    private static Tally raceOfTwins(CellsOfPair cells, SweepPlan plan, double ahead) {
        RandomGenerator random = new Well19937c(10);
        Map<String, TrialOutcome> models = plan.trials().stream()
                .map(each -> SampleOutcomes.ok(each.trial()))
                .collect(Collectors.toMap(outcome -> outcome.trial().id(), outcome -> outcome));
        return tally(
                () -> {
                    Map<Double, Double> drawn = new HashMap<>();
                    Map<String, TrialOutcome> outcomes = new HashMap<>();
                    models.forEach((id, model) -> {
                        double alpha = model.trial().loss().weights().alpha();
                        double noise = drawn.computeIfAbsent(
                                alpha + model.trial().dataSeed(), unused -> SD * random.nextGaussian());
                        double ce = noise - (alpha == 0 ? ahead : 0);
                        outcomes.put(
                                id, SampleOutcomes.with(model, null, new SplitLoss(ce, new LossComponents(1, ce, 1))));
                    });
                    return cells.race(rules(Question.BEST, 0), outcomes::get, Integer.MAX_VALUE);
                },
                FIRST_IS_BEATEN);
    }

    @Test
    void a_race_that_trains_round_by_round_is_the_one_that_looks_at_all_values() {
        MadeUpRace made = MadeUpRace.of(rules(Question.BEST, 0), withDifferent(CELLS / 2, 3 * SD), SEEDS, SD);
        assertThat(made.runByRounds(new Well19937c(9))).isEqualTo(made.run(new Well19937c(9)));
    }

    @Test
    void a_cell_that_diverged_is_out_and_without_its_baseline_a_race_ends() {
        double[][] values = {{1, 1.1}, {2, Double.NaN}, {3, 3.1}};
        PairRace race = PairRace.of(
                rules(Question.BEST, 0), new PairRace.Field(3, 0, 2, 0), 9, (cell, seed) -> values[cell][seed]);
        assertThat(race.cells()).extracting(PairRace.Cell::state).element(1).isEqualTo(CellState.DIVERGED);
        PairRace without = PairRace.of(
                rules(Question.BEATS_BASELINE, 0),
                new PairRace.Field(3, 1, 2, 0),
                9,
                (cell, seed) -> values[cell][seed]);
        assertThat(without.end()).isEqualTo(RaceEnd.NO_BASELINE);
        assertThat(without.open()).isEmpty();
    }

    @Test
    void before_the_first_round_is_done_all_cells_are_open() {
        PairRace race = PairRace.of(
                rules(Question.BEST, 0),
                new PairRace.Field(3, 0, 4, 0),
                9,
                (cell, seed) -> cell == 0 && seed < 2 ? (Double) 1.0 : null);
        assertThat(race.looks()).isZero();
        assertThat(race.seeds()).isEqualTo(2);
        assertThat(race.open()).isEqualTo(List.of(0, 1, 2));
    }
}
