package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.SplitLoss;
import org.junit.jupiter.api.Test;

class VariantTableTest {
    private static final LossSettings PLAIN = LossSettings.of(new LossWeights(0.9, 0.1, 0));
    private static final LossSettings DECOUPLED =
            LossSettings.of(new LossWeights(1, 1, 0)).withDistillation(Distillation.of(DistillationForm.DKD));
    private static final LossSettings SMOOTHED =
            LossSettings.of(LossWeights.CROSS_ENTROPY).withLabelSmoothing(0.1);

    /** Seeds move CE by much, and it by itself by little. */
    private static List<Finished> trials(LossSettings loss, double ce, int seeds) {
        return trials(loss, ce, seeds, Role.VARIANT);
    }

    private static List<Finished> trials(LossSettings loss, double ce, int seeds, Role role) {
        // Not of its hash code, which is another one in each process.
        Random noise = new Random(loss.toString().hashCode());
        List<Finished> trials = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            double found = ce + 0.1 * seed + 0.005 * noise.nextGaussian();
            trials.add(new Finished(
                    SampleOutcomes.with(
                            SampleOutcomes.ok(SampleOutcomes.with(SampleOutcomes.trial(loss, 1, false), Seed.of(seed))),
                            null,
                            new SplitLoss(found, new LossComponents(1, found, 1))),
                    Set.of(role)));
        }
        return trials;
    }

    private static List<Finished> all(int seeds) {
        List<Finished> all = new ArrayList<>(trials(PLAIN, 2, seeds));
        all.addAll(trials(DECOUPLED, 1.8, seeds));
        all.addAll(trials(SMOOTHED, 2.001, seeds));
        return all;
    }

    @Test
    void each_loss_stands_beside_plain_distillation_and_what_is_beyond_noise_has_a_star() {
        assertThat(VariantTable.of(all(4))).singleElement().satisfies(table -> {
            assertThat(table.title()).endsWith("losses beside alpha 0.9, beta 0.1, gamma 0");
            List<String> rows = table.grid().text().lines().toList();
            assertThat(rows.get(1)).contains("alpha 0.9, beta 0.1, gamma 0");
            assertThat(rows.get(2))
                    .contains("alpha 1, beta 1, gamma 0, dkd (alpha 1.0, beta 8.0)")
                    .containsPattern("-0\\.[12]\\d\\d \\(-0\\.[12]\\d\\d to -0\\.1\\d\\d\\) \\*");
            assertThat(rows.get(3)).contains("label smoothing 0.1");
            assertThat(table.sentence())
                    .startsWith("Beside alpha 0.9, beta 0.1, gamma 0, ")
                    .contains("by CE better beyond noise: [alpha 1, beta 1, gamma 0, dkd (alpha 1.0, beta 8.0)]")
                    .contains("by ECE (%) none of 2 others differs beyond noise");
        });
    }

    @Test
    void with_one_seed_nothing_is_said_of_single_losses() {
        assertThat(VariantTable.of(all(1)))
                .singleElement()
                .extracting(VariantTable::sentence)
                .isEqualTo("With one seed nothing can be said about single losses; sweep.seeds adds some.");
    }

    @Test
    void a_grid_of_one_form_has_no_such_table() {
        List<Finished> grid = new ArrayList<>(trials(PLAIN, 2, 2, Role.GRID));
        grid.addAll(trials(LossSettings.of(new LossWeights(0.5, 0.5, 0.1)), 2, 2, Role.GRID));
        assertThat(VariantTable.of(grid)).isEmpty();
        assertThat(VariantTable.of(List.of())).isEmpty();
    }

    @Test
    void a_loss_that_lacks_seeds_is_not_judged_and_without_plain_distillation_another_stands_for_it() {
        List<Finished> some = new ArrayList<>(trials(SMOOTHED, 2, 4));
        some.addAll(trials(DECOUPLED, 1.8, 4));
        some.addAll(trials(PLAIN.withCalibrationWeight(1), 2, 2));
        assertThat(VariantTable.of(some)).singleElement().satisfies(table -> {
            assertThat(table.title()).endsWith("losses beside alpha 1, beta 1, gamma 0, dkd (alpha 1.0, beta 8.0)");
            assertThat(table.sentence())
                    .contains(
                            "by CE worse: [alpha 0, beta 1, gamma 0, label smoothing 0.1], 1 not judged, as they lack seeds");
        });
    }

    @Test
    void a_loss_is_named_by_its_weights_and_what_is_not_as_usual() {
        LossSettings all = new LossSettings(
                        new LossWeights(0.5, 0.5, 1), 2, KlDirection.STUDENT_TEACHER, FocalForm.DUAL, 5)
                .withCalibrationWeight(2)
                .withLabelSmoothing(0.05);
        assertThat(VariantTable.name(all))
                .isEqualTo("alpha 0.5, beta 0.5, gamma 1, T 2, student-teacher, focal dual exponent 5,"
                        + " label smoothing 0.05, calibration weight 2");
        assertThat(VariantTable.name(all.withWeights(LossWeights.CROSS_ENTROPY).withCalibrationWeight(0)))
                .isEqualTo("alpha 0, beta 1, gamma 0, label smoothing 0.05");
    }
}
