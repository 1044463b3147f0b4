package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.focaldistill.sweep.SampleOutcomes.trial;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.Test;

class TrialNamesTest {
    private static final Trial ONE = trial(0.05, 0.95, 0.0001, 1);

    @Test
    void say_alpha_gamma_and_seed_in_plain_decimals() {
        assertThat(new TrialNames(List.of(ONE)).brief(ONE)).isEqualTo("alpha 0.05, gamma 0.0001, seed 1");
    }

    @Test
    void in_spark_s_pages_say_teacher_and_student_too() {
        assertThat(new TrialNames(List.of(ONE)).full(ONE))
                .isEqualTo("resnet56 -> resnet20, alpha 0.05, gamma 0.0001, seed 1");
    }

    @Test
    void say_beta_where_it_is_not_what_alpha_leaves() {
        Trial other = trial(0.05, 1, 0, 1);
        assertThat(new TrialNames(List.of(ONE, other)).brief(other)).isEqualTo("alpha 0.05, beta 1, gamma 0, seed 1");
    }

    @Test
    void tell_any_two_trials_of_a_sweep_apart() {
        LossWeights weights = new LossWeights(0.1, 0.9, 0.01);
        List<Trial> trials = List.of(
                trial(settings(weights, 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2), 1, false),
                trial(settings(weights, 2, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2), 1, false),
                trial(settings(weights, 4, KlDirection.STUDENT_TEACHER, FocalForm.FIXED, 2), 1, false),
                trial(settings(weights, 4, KlDirection.TEACHER_STUDENT, FocalForm.FLSD53, 2), 1, false),
                trial(settings(weights, 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 3), 1, false),
                trial(settings(weights, 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2), 2, false));
        TrialNames names = new TrialNames(trials);

        Set<String> all = trials.stream().map(names::brief).collect(Collectors.toSet());
        assertThat(all).hasSize(6).contains("alpha 0.1, gamma 0.01, T 2, teacher-student, fixed, exponent 2, seed 1");
    }

    private static LossSettings settings(
            LossWeights weights, double temperature, KlDirection direction, FocalForm form, double exponent) {
        return new LossSettings(weights, temperature, direction, form, exponent);
    }
}
