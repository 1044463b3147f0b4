package org.focaldistill.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialTest {
    private static final Trial CPU = of(Computation.CPU_FP32);

    @Test
    void its_id_is_what_it_was_before_there_were_engines_to_choose_from() {
        assertThat(CPU.canonical())
                .startsWith("data.hash=d0\ndata.trainImages=50000\n")
                .endsWith("\nworkers=1\naveragingFrequency=0")
                .doesNotContain("engine", "numerics", "seedStreams", "labelSmoothing", "schedule", "warmup");
        assertThat(CPU.id()).isEqualTo("00603a7529b03de385e1");
    }

    @Test
    void what_was_added_later_is_in_its_id_where_it_is_not_what_all_had() {
        Trial cuda = of(new Computation("cuda", "fp32"));
        Trial fast = of(new Computation("cuda", "tf32"));
        Trial bfloat = of(new Computation("cpu", "bf16"));
        assertThat(cuda.canonical()).isEqualTo(CPU.canonical() + "\nengine=cuda");
        assertThat(fast.canonical()).isEqualTo(CPU.canonical() + "\nengine=cuda\nnumerics=tf32");
        assertThat(bfloat.canonical()).isEqualTo(CPU.canonical() + "\nnumerics=bf16");
        assertThat(List.of(CPU.id(), cuda.id(), fast.id(), bfloat.id())).doesNotHaveDuplicates();
    }

    @Test
    void schedules_warm_up_and_smoothed_labels_are_in_its_id_where_there_are_some() {
        Recipe recipe = new Recipe(240, 64, 0.05, 0.9, 5e-4, List.of(0.625, 0.75, 0.875), 0.1, Schedule.STEPS, 5);
        LossSettings smoothed = new LossSettings(
                        CPU.loss().weights(), 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2)
                .withLabelSmoothing(0.1);
        assertThat(of(CPU.loss(), recipe, Computation.CPU_FP32).canonical())
                .isEqualTo(CPU.canonical().replace("\ndataSeed", "\nrecipe.warmupEpochs=5\ndataSeed"));
        assertThat(of(smoothed, CPU.recipe(), Computation.CPU_FP32).canonical())
                .isEqualTo(CPU.canonical().replace("\nrecipe.epochs", "\nloss.labelSmoothing=0.1\nrecipe.epochs"));
        Recipe cosine = new Recipe(240, 64, 0.05, 0.9, 5e-4, List.of(), 1, Schedule.COSINE, 0);
        assertThat(of(CPU.loss(), cosine, Computation.CPU_FP32).canonical())
                .contains("\nrecipe.dropAt=[]\nrecipe.dropFactor=1.0\nrecipe.schedule=COSINE\ndataSeed");
    }

    @Test
    void its_settings_and_what_differs_from_another_s_have_the_engine_in_any_case() {
        Trial fast = of(new Computation("cuda", "tf32"));
        assertThat(CPU.settings()).containsAllEntriesOf(Map.of("engine", "cpu", "numerics", "fp32"));
        assertThat(SettingChange.between(CPU, fast))
                .extracting(SettingChange::toString)
                .containsExactly("engine: cpu -> cuda", "numerics: fp32 -> tf32");
        assertThat(SettingChange.between(fast, CPU))
                .extracting(SettingChange::toString)
                .containsExactly("engine: cuda -> cpu", "numerics: tf32 -> fp32");
    }

    @Test
    void seeds_that_draw_from_other_streams_are_another_trial() {
        Trial plain = SampleOutcomes.with(CPU, Seed.plain(2, 2));
        Trial scattered = SampleOutcomes.with(CPU, Seed.of(2));

        assertThat(scattered.canonical()).isEqualTo(plain.canonical() + "\nseedStreams=SCATTERED");
        assertThat(SettingChange.between(plain, scattered))
                .extracting(SettingChange::toString)
                .containsExactly("seedStreams: PLAIN -> SCATTERED");
        assertThat(scattered.label()).endsWith("gamma 0.01, seed 2");
        assertThat(CPU.label()).endsWith("gamma 0.01, seed 1/2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CPU", "cpu fp32", "-cpu", "cpu-", "2cpu", "cpu\n", "a=b"})
    void an_engine_or_numerics_that_is_no_word_is_refused(String word) {
        assertThatThrownBy(() -> new Computation(word, "fp32"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("engine must be lower-case words with hyphens between them, such as cpu or fp32, found '"
                        + word + "'");
        assertThatThrownBy(() -> new Computation("cpu", word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("numerics must be lower-case words");
    }

    private static Trial of(Computation computation) {
        return of(
                LossSettings.of(new LossWeights(0.1, 0.9, 0.01)),
                new Recipe(240, 64, 0.05, 0.9, 5e-4, List.of(0.625, 0.75, 0.875), 0.1),
                computation);
    }

    private static Trial of(LossSettings loss, Recipe recipe, Computation computation) {
        return new Trial(
                new DataRef("cifar100", "d0", false, 50_000, 0, 10_000),
                "big",
                "t0",
                TeacherMode.BANK_FP16,
                "small",
                loss,
                recipe,
                1,
                2,
                1,
                0,
                computation,
                SeedStreams.PLAIN);
    }
}
