package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told of the best cell, in the table that a sweep ends with, in the report, and in the study's table. */
class BestCellTest {
    private final List<Finished> finished = new ArrayList<>();

    /** The baseline has gamma 0, and every other gamma is a cell beside it. */
    private void trial(double gamma, long seed, @Nullable Double heldOutCe, double testCe) {
        Trial trial = SampleOutcomes.trial(0, 1, gamma, seed);
        finished.add(new Finished(
                SampleOutcomes.with(SampleOutcomes.ok(trial), heldOutCe == null ? null : ce(heldOutCe), ce(testCe)),
                Set.of(gamma == 0 ? Role.BASELINE : Role.GRID)));
    }

    private static SplitLoss ce(double ce) {
        return new SplitLoss(ce, new LossComponents(1, ce, 1));
    }

    private Findings findings() {
        return new Findings(Panel.of(finished).get(0));
    }

    private String sentence() {
        return findings().best().flatMap(BestCell::sentence).orElseThrow();
    }

    @Test
    void with_one_seed_it_is_said_to_be_chosen_on_test_and_that_nobody_knows_how_much_too_good_it_is() {
        trial(0, 1, null, 1.3);
        trial(0.1, 1, null, 1.2);

        assertThat(sentence())
                .isEqualTo("Best of 2 cells by CE, chosen on test: alpha 0, beta 1, gamma 0.1. Its student has test CE"
                        + " 1.200 (baseline 1.300), test top-1 (%) 59.10 (baseline 69.10), test ECE (%) 8.00 (baseline"
                        + " 8.00). As it was chosen by them, they are better than is to be expected: by how much is not"
                        + " known, as one seed gives no measure of noise.");
        assertThat(findings().best().orElseThrow().estimateAndCell(Quantity.TEST_TOP1))
                .isEqualTo("59.10 (0 / 1 / 0.1, chosen on test)");
    }

    @Test
    void a_grid_of_one_seed_has_a_measure_of_noise_which_says_how_much_too_good_it_may_be() {
        for (double gamma : new double[] {0.1, 0.2}) {
            for (double alpha : new double[] {0, 0.5}) {
                Trial trial = SampleOutcomes.trial(alpha, 1, gamma, 1);
                finished.add(new Finished(
                        SampleOutcomes.with(
                                SampleOutcomes.ok(trial), null, ce(alpha == 0.5 && gamma == 0.2 ? 1.1 : 1.2)),
                        Set.of(Role.GRID)));
            }
        }

        // All but one corner of four are alike, so 0.05 is neither alpha's nor gamma's; 1.02938 is the largest of four.
        assertThat(sentence())
                .startsWith("Best of 4 cells by CE, chosen on test: alpha 0.5, beta 1, gamma 0.2. ")
                .endsWith("expected: by about 0.051 in CE if no cell truly differs from another, by less if some do.");
    }

    @Test
    void held_out_images_choose_another_cell_than_the_test_images_whose_numbers_are_told() {
        trial(0, 1, 1.4, 1.3);
        trial(0.1, 1, 1.5, 1.2);
        trial(0.2, 1, 1.3, 1.25);

        assertThat(sentence())
                .startsWith(
                        "Best of 3 cells by CE, chosen on held-out images: alpha 0, beta 1, gamma 0.2. Its student has"
                                + " test CE 1.250 (baseline 1.300), ")
                .endsWith(
                        ". The choice did not see these numbers; how much of them is the luck of the seed is not known.");
        assertThat(findings().best().orElseThrow().estimateAndCell(Quantity.TEST_TOP1))
                .isEqualTo("49.10 (0 / 1 / 0.2, chosen on held-out images)");
    }

    @Test
    void several_seeds_each_measure_the_cell_that_the_others_choose() {
        double[][] byGammaAndSeed = {{1.3, 1.3, 1.3}, {1.0, 1.4, 1.2}, {1.4, 1.0, 1.35}};
        for (int gamma = 0; gamma < 3; gamma++) {
            for (int seed = 1; seed <= 3; seed++) {
                trial(0.1 * gamma, seed, null, byGammaAndSeed[gamma][seed - 1]);
            }
        }

        // Seeds 2 and 3 choose gamma 0.2, which seed 1 finds at 1.4; 1 and 3 choose 0.1, which has 1.4 in seed 2; 1 and
        // 2
        // have 0.1 and 0.2 alike and choose the first, 1.2 in seed 3.
        assertThat(sentence())
                .startsWith("Best of 3 cells by CE, chosen on the test images by 3 seeds: alpha 0, beta 1, gamma 0.1. A"
                        + " cell so chosen reaches test CE 1.333 (baseline 1.300), ")
                .endsWith(": in turn each seed measures the cell that the other seeds choose. The test CE of its own"
                        + " students, 1.200, is better by 0.133 because it was chosen with them.");
        // 0.69 less gamma, and 0.001 a seed: 49.1, 59.2 and 59.3.
        assertThat(findings().best().orElseThrow().estimateAndCell(Quantity.TEST_TOP1))
                .isEqualTo("55.87 ± 5.86 (0 / 1 / 0.1, chosen on other seeds)");
    }

    @Test
    void where_all_seeds_agree_nothing_is_too_good() {
        for (int seed = 1; seed <= 3; seed++) {
            trial(0, seed, 1.3, 1.3);
            trial(0.1, seed, 1.1, 1.1);
        }

        assertThat(sentence())
                .startsWith("Best of 2 cells by CE, chosen on held-out images: alpha 0, beta 1, gamma 0.1. A cell so")
                .endsWith("The test CE of its own students, 1.100, is no better than that.");
    }

    @Test
    void the_baseline_may_be_the_best_cell() {
        trial(0, 1, 1.1, 1.3);
        trial(0.1, 1, 1.5, 1.2);

        assertThat(sentence())
                .contains(
                        "alpha 0, beta 1, gamma 0, the baseline. Its student has test CE 1.300, test top-1 (%) 69.10, ");
    }

    @Test
    void one_cell_is_not_called_best_and_without_numbers_there_is_nothing_to_say() {
        trial(0.1, 1, null, 1.2);

        assertThat(findings().best().flatMap(BestCell::sentence)).isEmpty();
        assertThat(findings().best().orElseThrow().estimateAndCell(Quantity.TEST_TOP1))
                .isEqualTo("59.10 (0 / 1 / 0.1)");

        finished.clear();
        finished.add(new Finished(SampleOutcomes.diverged(SampleOutcomes.trial(0, 1, 1, 1)), Set.of(Role.GRID)));
        assertThat(findings().best()).isEmpty();
    }

    @Test
    void the_table_at_a_sweep_s_end_and_the_report_tell_it_in_the_same_words() {
        trial(0, 1, 1.4, 1.3);
        trial(0.1, 1, 1.5, 1.2);
        SweepResults results = new SweepResults("sweep", 2, finished, List.of());
        SweepDetails nothing = new SweepDetails(Map.of(), Map.of(), List.of(), Set.of(), Map.of(), RaceAnswers.NONE);
        PanelSection section = new PanelSection(0, findings(), nothing, List.of());

        assertThat(new Report(results, null).trialTable().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(new Report(results, null).trialTable().replace('\n', ' ')).contains(sentence());
        assertThat(section.markdown()).contains("\n\n" + sentence() + "\n");
        assertThat(section.html().render()).contains("<h3>Which cell is best?</h3><p>" + sentence() + "</p>");
    }
}
