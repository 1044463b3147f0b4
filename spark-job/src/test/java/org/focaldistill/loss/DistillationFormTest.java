package org.focaldistill.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients are in {@link DistillationLossTest}. */
class DistillationFormTest {
    private static final double[] STUDENT = {1.5, -0.3, 0.2, -1, /**/ 0.1, 0.4, -2, 3, /**/ -1, 2.5, 0.3, 0.2};
    private static final double[] TEACHER = {0.5, 1.3, -0.2, 0, /**/ 2.1, -0.4, 1, 2, /**/ 1, 0.5, -3, 0.7};
    private static final int[] LABELS = {0, 1, 2};

    private static LossSettings settings(Distillation distillation) {
        return LossSettings.of(new LossWeights(1, 0, 0)).withDistillation(distillation);
    }

    private static double value(Distillation distillation, double[] student, double[] teacher) {
        return new DistillationLoss(settings(distillation))
                .evaluate(student, teacher, LABELS, null)
                .distillation();
    }

    private static double value(Distillation distillation) {
        return value(distillation, STUDENT, TEACHER);
    }

    private static Distillation of(DistillationForm form, Map<String, Double> parameters) {
        return new Distillation(form, parameters, 0, 0);
    }

    /** The numbers were computed in Python, from the formulas of the papers and the authors' codes. */
    @ParameterizedTest
    @CsvSource({
        "JENSEN_SHANNON, 0.31608055859640505",
        "MSE_LOGITS, 3.2083333333333335",
        "STANDARDISED_KL, 0.8669154494421406",
        "DKD, 8.979408167370059",
        "DIST, 31.672851895848535",
        "NKD, 27.862902761511833",
        "FOCAL_KL, 0.9577206257182022"
    })
    void each_form_is_what_its_paper_says(DistillationForm form, double expected) {
        assertThat(value(Distillation.of(form))).isCloseTo(expected, within(1e-12 * expected));
    }

    @Test
    void parameters_weigh_the_parts_they_are_named_for() {
        assertThat(value(of(DistillationForm.DKD, Map.of("alpha", 2.0, "beta", 0.0))))
                .isCloseTo(0.7707964838743621, within(1e-12));
        assertThat(value(of(DistillationForm.DIST, Map.of("beta", 2.0, "gamma", 0.0))))
                .isCloseTo(27.0898439317409, within(1e-12));
        assertThat(value(of(DistillationForm.FOCAL_KL, Map.of("exponent", 0.0))))
                .as("of exponent 0")
                .isCloseTo(value(Distillation.PLAIN), within(1e-12));
    }

    @Test
    void the_dual_focal_loss_and_the_calibration_penalty_are_what_their_papers_say() {
        LossSettings dual = new LossSettings(
                        new LossWeights(0, 0, 1), 4, KlDirection.TEACHER_STUDENT, FocalForm.DUAL, 3)
                .withCalibrationWeight(1);
        LossComponents found = new DistillationLoss(dual).evaluate(STUDENT, null, LABELS, null);
        assertThat(found.focal()).isCloseTo(1.6685442079968364, within(1e-12));
        assertThat(found.calibration()).isCloseTo(0.16917215385175005, within(1e-12));
        assertThat(found.focal()).as("a focal loss").isBetween(0.0, found.ce());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NKD")
    void a_student_that_says_what_the_teacher_says_has_nothing_left_to_learn(DistillationForm form) {
        double[] gradient = new double[STUDENT.length];
        LossComponents found =
                new DistillationLoss(settings(Distillation.of(form))).evaluate(TEACHER, TEACHER, LABELS, gradient);
        // The correlations' epsilon leaves a little of each.
        double little = form == DistillationForm.DIST ? 2e-4 : 1e-12;
        assertThat(found.distillation()).isCloseTo(0, within(little));
        assertThat(gradient).containsExactly(new double[gradient.length], within(little));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MSE_LOGITS")
    void adding_a_number_to_all_logits_of_an_image_changes_nothing(DistillationForm form) {
        double[] shifted = Arrays.stream(STUDENT).map(logit -> logit + 7).toArray();
        Distillation distillation = Distillation.of(form);
        assertThat(value(distillation, shifted, TEACHER)).isCloseTo(value(distillation), within(1e-10));
    }

    @Test
    void the_standardised_form_does_not_see_how_large_logits_are() {
        double[] larger = Arrays.stream(STUDENT).map(logit -> 10 * logit).toArray();
        Distillation standardised = Distillation.of(DistillationForm.STANDARDISED_KL);
        assertThat(value(standardised, larger, TEACHER)).isCloseTo(value(standardised), within(1e-12));
        assertThat(value(standardised, new double[12], TEACHER)).isFinite();
    }

    /** Zhao et al. 2022, equation 5, image by image. */
    @Test
    void the_divergence_is_put_together_from_the_decoupled_parts() {
        double[] student = Arrays.copyOf(STUDENT, 4);
        double[] teacher = Arrays.copyOf(TEACHER, 4);
        double[] logT = new double[4];
        LogSoftmax.of(teacher, 0, 4, 4, logT, 0);
        Distillation parts = of(DistillationForm.DKD, Map.of("alpha", 1.0, "beta", 1 - Math.exp(logT[0])));
        double together = new DistillationLoss(settings(parts))
                .evaluate(student, teacher, new int[] {0}, null)
                .distillation();
        double whole = new DistillationLoss(settings(Distillation.PLAIN))
                .evaluate(student, teacher, new int[] {0}, null)
                .distillation();
        assertThat(together).isCloseTo(whole, within(1e-12));
    }

    @Test
    void jensen_shannon_is_the_same_both_ways_and_bounded_also_where_nothing_overlaps() {
        Distillation js = Distillation.of(DistillationForm.JENSEN_SHANNON);
        assertThat(value(js, TEACHER, STUDENT)).isCloseTo(value(js), within(1e-12));
        double[] one = new double[12];
        double[] other = new double[12];
        for (int image = 0; image < 3; image++) {
            one[4 * image] = 4000;
            other[4 * image + 1] = 4000;
        }
        assertThat(value(js, one, other)).isCloseTo(16 * Math.log(2), within(1e-9));
    }

    @Test
    void alpha_grows_and_ends_when_it_is_told_to() {
        LossSettings loss = LossSettings.of(new LossWeights(0.8, 0.2, 0))
                .withDistillation(new Distillation(DistillationForm.KL, Map.of(), 4, 6));
        double[] alphas = new double[8];
        Arrays.setAll(alphas, epoch -> loss.at(epoch).weights().alpha());
        assertThat(alphas).containsExactly(new double[] {0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0, 0}, within(1e-15));
        assertThat(loss.at(5)).isSameAs(loss);
        assertThat(loss.at(7).weights().beta()).isEqualTo(0.2);
        assertThat(loss.distillation()).hasToString("kl, growing over 4 epochs, until epoch 6");
    }

    @Test
    void settings_that_a_form_does_not_use_are_one_training() {
        LossSettings cool = new LossSettings(
                        new LossWeights(1, 0, 0), 2, KlDirection.STUDENT_TEACHER, FocalForm.DUAL, 9)
                .withDistillation(Distillation.of(DistillationForm.MSE_LOGITS));
        assertThat(cool.effective())
                .isEqualTo(
                        settings(Distillation.of(DistillationForm.MSE_LOGITS)).effective());
        assertThat(cool.withWeights(LossWeights.CROSS_ENTROPY).effective())
                .isEqualTo(LossSettings.of(LossWeights.CROSS_ENTROPY));
    }

    @Test
    void a_first_epoch_that_has_all_of_alpha_and_a_last_one_that_is_none_do_not_show() {
        Distillation term = new Distillation(DistillationForm.KL, Map.of(), 1, 4);
        assertThat(term.within(4)).isEqualTo(Distillation.PLAIN);
        assertThat(term.within(5)).isEqualTo(new Distillation(DistillationForm.KL, Map.of(), 0, 4));
        for (int epoch = 0; epoch < 5; epoch++) {
            assertThat(term.within(5).share(epoch)).isEqualTo(term.share(epoch));
        }
    }

    @Test
    void what_can_not_be_is_refused_in_words() {
        assertThatThrownBy(() -> of(DistillationForm.DKD, Map.of("alpha", 1.0)))
                .hasMessage("The parameters of DKD are [alpha, beta], found [alpha]");
        assertThatThrownBy(() -> of(DistillationForm.NKD, Map.of("gamma", -1.0)))
                .hasMessage("gamma of NKD must be a finite number >= 0, found -1.0");
        LossSettings hot =
                new LossSettings(new LossWeights(1, 0, 0), 101, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2);
        assertThatThrownBy(() -> hot.withDistillation(Distillation.of(DistillationForm.DKD)))
                .hasMessage("temperature must be at most 100 with dkd, found 101.0: only kl keeps its digits above");
        assertThat(hot.withDistillation(Distillation.of(DistillationForm.MSE_LOGITS)))
                .isNotNull();
    }
}
