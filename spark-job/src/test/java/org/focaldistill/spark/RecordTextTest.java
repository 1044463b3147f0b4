package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.Schedule;
import org.junit.jupiter.api.Test;

class RecordTextTest {
    private record Weights(double alpha, double beta) {}

    private record Settings(int epochs, Weights weights, List<Double> dropAt) {}

    private static final String BEFORE = new Settings(3, new Weights(0, 1), List.of(0.5, 0.75)).toString();

    @Test
    void names_each_setting_that_differs_and_no_other() {
        String now = new Settings(4, new Weights(0.5, 1), List.of(0.5)).toString();
        assertThat(RecordText.differences("recipe", BEFORE, now))
                .containsExactly(
                        "recipe.epochs was 3, is now 4",
                        "recipe.weights.alpha was 0.0, is now 0.5",
                        "recipe.dropAt was [0.5, 0.75], is now [0.5]");
        assertThat(RecordText.differences("recipe", BEFORE, BEFORE)).isEmpty();
    }

    @Test
    void settings_of_before_there_was_a_choice_have_the_text_they_had() {
        Recipe recipe = new Recipe(3, 64, 0.05, 0.9, 5e-4, List.of(0.625, 0.75), 0.1);
        String before = "Recipe[epochs=3, batchSize=64, learningRate=0.05, momentum=0.9, weightDecay=5.0E-4, "
                + "dropAt=[0.625, 0.75], dropFactor=0.1]";
        assertThat(RecordText.of(recipe)).isEqualTo(before);
        assertThat(RecordText.of(LossSettings.of(LossWeights.CROSS_ENTROPY)))
                .isEqualTo("LossSettings[weights=LossWeights[alpha=0.0, beta=1.0, gamma=0.0], temperature=4.0, "
                        + "klDirection=TEACHER_STUDENT, focalForm=FIXED, focalExponent=2.0]");
        String warm = RecordText.of(new Recipe(3, 64, 0.05, 0.9, 5e-4, List.of(0.625, 0.75), 0.1, Schedule.STEPS, 2));
        assertThat(RecordText.differences("recipe", before, warm))
                .containsExactly("recipe.warmupEpochs was not set, is now 2");
    }

    @Test
    void a_setting_is_left_out_whole_or_not_at_all() {
        LossSettings growing = LossSettings.of(LossWeights.CROSS_ENTROPY)
                .withDistillation(new Distillation(DistillationForm.KL, Map.of(), 4, 0));
        assertThat(RecordText.of(growing)).endsWith("focalExponent=2.0, distillation=kl, growing over 4 epochs]");
    }

    @Test
    void takes_what_is_no_record_and_what_one_version_does_not_have_as_it_is() {
        assertThat(RecordText.differences("model", "resnet8", "resnet20"))
                .containsExactly("model was resnet8, is now resnet20");
        assertThat(RecordText.differences("recipe", "Recipe[epochs=3]", "Recipe[epochs=3, nesterov=true]"))
                .containsExactly("recipe.nesterov was not set, is now true");
    }
}
