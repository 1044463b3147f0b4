package org.focaldistill.sweep.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.focaldistill.sweep.noise.Outcomes.NOISE;
import static org.focaldistill.sweep.noise.Outcomes.draw;
import static org.focaldistill.sweep.noise.Outcomes.grid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Seed;
import org.junit.jupiter.api.Test;

/** Where no cell differs from another, the truth of all is 50, and whatever looks better than that is luck. */
class SelectionTest {
    private static final List<LossWeights> CELLS = grid(6, 4);
    private static final double TRUTH = 50;
    private static final int TRIES = 1500;

    private static Selection select(
            Map<LossWeights, Map<Seed, Double>> heldOut, Map<LossWeights, Map<Seed, Double>> test) {
        return Selection.of(Better.LOWER, heldOut, test, null).orElseThrow();
    }

    private static double own(Selection selection, Map<LossWeights, Map<Seed, Double>> test) {
        return test.get(selection.cell()).values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    /** The same students on other images. */
    private static Map<LossWeights, Map<Seed, Double>> measuredAgain(
            Random random, Map<LossWeights, Map<Seed, Double>> values, double imageNoise) {
        Map<LossWeights, Map<Seed, Double>> again = new LinkedHashMap<>();
        values.forEach((cell, bySeed) -> {
            Map<Seed, Double> other = new TreeMap<>(bySeed);
            other.replaceAll((seed, value) -> value + imageNoise * random.nextGaussian());
            again.put(cell, other);
        });
        return again;
    }

    private static void assertMeanIs(double expected, SummaryStatistics of) {
        assertThat(of.getMean()).isCloseTo(expected, within(4 * of.getStandardDeviation() / Math.sqrt(TRIES)));
    }

    @Test
    void the_estimate_by_other_seeds_is_the_truth_where_the_chosen_cell_s_own_mean_flatters_it() {
        Random random = new Random(41);
        SummaryStatistics estimates = new SummaryStatistics();
        SummaryStatistics own = new SummaryStatistics();
        SummaryStatistics optimism = new SummaryStatistics();
        for (int i = 0; i < TRIES; i++) {
            Map<LossWeights, Map<Seed, Double>> test = draw(random, CELLS, 4, cell -> 0);
            Selection selection = select(Map.of(), test);
            assertThat(selection.chosenBy()).isEqualTo(ChosenBy.OTHER_SEEDS);
            estimates.addValue(selection.estimate());
            own.addValue(own(selection, test));
            optimism.addValue(selection.optimism());
        }

        assertMeanIs(TRUTH, estimates);
        // The best of 24 means of 4 numbers.
        double luck = LargestNormal.expected(24) * NOISE / 2;
        assertThat(luck).isGreaterThan(0.25);
        assertMeanIs(TRUTH - luck, own);
        assertMeanIs(luck, optimism);
    }

    @Test
    void held_out_images_do_not_mend_the_luck_of_a_seed_which_is_good_on_all_images_but_other_seeds_do() {
        Random random = new Random(42);
        SummaryStatistics estimates = new SummaryStatistics();
        SummaryStatistics own = new SummaryStatistics();
        for (int i = 0; i < TRIES; i++) {
            Map<LossWeights, Map<Seed, Double>> test = draw(random, CELLS, 4, cell -> 0);
            Selection selection = select(measuredAgain(random, test, NOISE / 3), test);
            assertThat(selection.chosenBy()).isEqualTo(ChosenBy.HELD_OUT);
            estimates.addValue(selection.estimate());
            own.addValue(own(selection, test));
        }

        assertMeanIs(TRUTH, estimates);
        assertThat(own.getMean()).isLessThan(TRUTH - 0.2);
    }

    @Test
    void with_one_seed_the_estimate_by_held_out_images_is_the_truth_of_that_student() {
        Random random = new Random(43);
        SummaryStatistics beyondTruth = new SummaryStatistics();
        SummaryStatistics naive = new SummaryStatistics();
        for (int i = 0; i < TRIES; i++) {
            Map<LossWeights, Map<Seed, Double>> students = draw(random, CELLS, 1, cell -> 0);
            Map<LossWeights, Map<Seed, Double>> test = measuredAgain(random, students, NOISE);
            Selection selection = select(measuredAgain(random, students, NOISE), test);
            Selection peeked = select(Map.of(), test);
            assertThat(selection.leftOut()).isFalse();
            assertThat(selection.optimism()).isNull();
            beyondTruth.addValue(selection.estimate() - own(selection, students));
            naive.addValue(peeked.estimate() - own(peeked, students));
        }

        assertMeanIs(0, beyondTruth);
        assertThat(naive.getMean()).isLessThan(-0.2);
    }

    @Test
    void one_seed_chosen_on_test_is_too_good_by_what_a_measure_of_noise_says_and_else_nobody_knows() {
        Random random = new Random(44);
        SummaryStatistics tooGood = new SummaryStatistics();
        for (int i = 0; i < TRIES; i++) {
            Map<LossWeights, Map<Seed, Double>> test = draw(random, CELLS, 1, cell -> 0);
            tooGood.addValue(50 - select(Map.of(), test).estimate());
        }
        Map<LossWeights, Map<Seed, Double>> test = draw(random, CELLS, 1, cell -> 0);
        Selection measured = Selection.of(Better.LOWER, Map.of(), test, NOISE).orElseThrow();

        assertThat(measured.chosenBy()).isEqualTo(ChosenBy.TEST);
        assertThat(measured.candidates()).isEqualTo(24);
        assertMeanIs(measured.optimism(), tooGood);
        assertThat(select(Map.of(), test).optimism()).isNull();
    }

    /** Two data seeds with two init seeds each: what a cell makes of a data seed's order helps both its trials. */
    @Test
    void seeds_that_share_the_data_or_the_weights_do_not_choose_for_each_other() {
        Random random = new Random(45);
        SummaryStatistics estimates = new SummaryStatistics();
        for (int i = 0; i < TRIES; i++) {
            Map<LossWeights, Map<Seed, Double>> test = new LinkedHashMap<>();
            for (LossWeights cell : CELLS) {
                double[] luck = random.doubles(4).map(each -> 2 * each - 1).toArray();
                for (int seed = 0; seed < 4; seed++) {
                    test.computeIfAbsent(cell, each -> new TreeMap<>())
                            .put(Seed.plain(seed / 2, seed % 2), TRUTH + luck[seed / 2] + luck[2 + seed % 2]);
                }
            }
            estimates.addValue(select(Map.of(), test).estimate());
        }

        assertMeanIs(TRUTH, estimates);
    }

    @Test
    void a_cell_that_is_truly_better_is_what_every_seed_chooses_and_then_nothing_is_too_good() {
        ToDoubleFunction<LossWeights> effect = cell -> cell.equals(CELLS.get(7)) ? -5 : 0;
        Map<LossWeights, Map<Seed, Double>> test = draw(new Random(1), CELLS, 3, effect);

        Selection selection = select(Map.of(), test);

        assertThat(selection.cell()).isEqualTo(CELLS.get(7));
        assertThat(selection.picked().values()).hasSize(3).containsOnly(CELLS.get(7));
        assertThat(selection.estimate()).isCloseTo(own(selection, test), within(1e-12));
        assertThat(selection.optimism()).isCloseTo(0, within(1e-12));
    }

    @Test
    void what_one_wants_more_of_is_chosen_by_the_largest() {
        Map<LossWeights, Map<Seed, Double>> test = draw(
                new Random(2), CELLS, 3, cell -> cell.equals(CELLS.get(3)) ? 5 : cell.equals(CELLS.get(4)) ? -5 : 0);

        Selection highest = Selection.of(Better.HIGHER, Map.of(), test, null).orElseThrow();

        assertThat(highest.cell()).isEqualTo(CELLS.get(3));
        assertThat(select(Map.of(), test).cell()).isEqualTo(CELLS.get(4));
        assertThat(Selection.of(Better.HIGHER, Map.of(), draw(new Random(2), CELLS, 4, cell -> 0), null)
                        .orElseThrow()
                        .optimism())
                .isPositive();
    }

    @Test
    void a_cell_that_lacks_a_seed_is_no_candidate() {
        Map<LossWeights, Map<Seed, Double>> test =
                draw(new Random(3), CELLS, 3, cell -> cell.equals(CELLS.get(0)) ? -5 : 0);
        test.get(CELLS.get(0)).remove(Seed.plain(2, 2));

        Selection selection = select(Map.of(), test);

        assertThat(selection.candidates()).isEqualTo(23);
        assertThat(selection.cell()).isNotEqualTo(CELLS.get(0));
    }

    @Test
    void one_cell_alone_is_not_chosen_so_it_is_not_too_good() {
        Map<LossWeights, Map<Seed, Double>> test = draw(new Random(4), CELLS.subList(0, 1), 1, cell -> 0);

        assertThat(select(Map.of(), test).optimism()).isZero();
        assertThat(Selection.of(Better.LOWER, Map.of(), Map.of(), null)).isEmpty();
    }

    @Test
    void the_largest_of_several_normal_numbers_has_the_known_mean() {
        assertThat(LargestNormal.expected(1)).isCloseTo(0, within(1e-9));
        assertThat(LargestNormal.expected(2)).isCloseTo(1 / Math.sqrt(Math.PI), within(1e-9));
        // Harter 1961, table 1.
        assertThat(LargestNormal.expected(10)).isCloseTo(1.53875, within(1e-5));
        assertThat(LargestNormal.expected(100)).isCloseTo(2.50759, within(1e-5));
    }
}
