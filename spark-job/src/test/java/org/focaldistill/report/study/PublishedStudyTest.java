package org.focaldistill.report.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SampleFindings;
import org.focaldistill.report.Section;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.focaldistill.zoo.StudyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.FieldSource;

class PublishedStudyTest {
    private static final Pair OF_THE_STUDY = new Pair("resnet56", "resnet20");
    private static final Pair OTHER = new Pair("resnet20", "resnet8");
    static final List<StudyPair> PAIRS = StudyPair.ALL;

    private static Trial trial(Pair pair, FocalForm form, double exponent) {
        return SampleOutcomes.trial(
                pair,
                new LossSettings(new LossWeights(0.1, 0.9, 0.5), 4, KlDirection.TEACHER_STUDENT, form, exponent),
                1,
                false);
    }

    private static Trial trial(String teacher, String student) {
        return trial(new Pair(teacher, student), FocalForm.FIXED, 2);
    }

    private static List<Section> sections(Trial... trials) {
        return new PublishedStudy().sections(SampleFindings.of(trials));
    }

    @ParameterizedTest
    @FieldSource("PAIRS")
    void a_sweep_of_a_pair_of_the_study_has_its_table_with_what_the_zoo_publishes(StudyPair pair) {
        List<Section> sections =
                sections(trial(pair.teacher().modelName(), pair.student().modelName()));

        assertThat(sections).extracting(Section::id).containsExactly("study");
        assertThat(sections.get(0).markdown())
                .startsWith(
                        "\n## The study's Table 1 beside ours (test top-1, %)\n\n| pair | teacher: study | zoo | ours |")
                .containsPattern(String.format(
                        Locale.ROOT,
                        "\\| %s → %s \\| [0-9.]+ \\| %.2f \\| 72\\.34 \\| [0-9.]+ \\| %.2f \\| - \\| %.2f \\| 19\\.30 ",
                        pair.teacher().modelName(),
                        pair.student().modelName(),
                        pair.teacher().publishedTop1(),
                        pair.student().publishedTop1(),
                        pair.publishedKd()));
        assertThat(sections.get(0).html().render())
                .contains("<h2>The study&#x27;s Table 1 beside ours</h2>", "<td>not run</td>", "<td>69.06</td>");
    }

    @ParameterizedTest
    @CsvSource({"resnet20, resnet8", "plain, resnet20", "wrn_40_2, resnet20", "resnet20, resnet56"})
    void a_sweep_of_other_pairs_has_no_table_of_the_study(String teacher, String student) {
        assertThat(sections(trial(teacher, student))).isEmpty();
    }

    @Test
    void one_pair_of_the_study_among_others_is_enough_for_the_table() {
        assertThat(sections(trial("plain", "resnet20"), trial("resnet110", "resnet20")))
                .extracting(Section::id)
                .containsExactly("study");
    }

    @ParameterizedTest
    @EnumSource(
            value = FocalForm.class,
            names = {"ENTROPY_BOUND", "LOST_MINUS"})
    void a_sweep_with_a_form_that_gets_below_zero_shows_how(FocalForm form) {
        List<Section> sections = sections(trial(OTHER, form, 2));

        assertThat(sections).extracting(Section::id).containsExactly("mistakes");
        assertThat(sections.get(0).markdown()).isEmpty();
        assertThat(sections.get(0).html().render())
                .contains(
                        "<h2>How a loss gets below zero</h2>",
                        "gamma 0.01, focal exponent 2",
                        "gamma 3, focal exponent 2");
    }

    @ParameterizedTest
    @EnumSource(
            value = FocalForm.class,
            mode = Mode.EXCLUDE,
            names = {"ENTROPY_BOUND", "LOST_MINUS"})
    void a_sweep_of_correct_focal_losses_does_not_show_how_one_gets_below_zero(FocalForm form) {
        assertThat(sections(trial(OF_THE_STUDY, form, 2)))
                .extracting(Section::id)
                .containsExactly("study");
    }

    @Test
    void the_curves_have_the_exponent_of_the_form_that_gets_below_zero() {
        List<Section> sections =
                sections(trial(OF_THE_STUDY, FocalForm.FIXED, 2), trial(OF_THE_STUDY, FocalForm.LOST_MINUS, 3));

        assertThat(sections).extracting(Section::id).containsExactly("study", "mistakes");
        assertThat(sections.get(1).html().render())
                .contains("gamma 3, focal exponent 3")
                .doesNotContain("focal exponent 2");
    }

    @Test
    void without_a_finished_trial_there_is_nothing_to_say() {
        assertThat(sections()).isEmpty();
    }
}
