package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.Test;

class TrialJsonTest {

    @Property(tries = 200)
    void rebuildsTheSameTrial(
            @ForAll @DoubleRange(min = 0, max = 1) @Scale(16) double alpha,
            @ForAll @DoubleRange(min = 1e-9, max = 1e9) @Scale(12) double temperature,
            @ForAll KlDirection direction,
            @ForAll FocalForm form,
            @ForAll long seed) {
        Trial trial = new Trial(
                new DataRef("cifar100", "ab", false, 2, 1, 1),
                "resnet110 \"as published\"",
                "cd",
                TeacherMode.ONLINE,
                "resnet20",
                new LossSettings(new LossWeights(alpha, 1 - alpha, alpha / 7), temperature, direction, form, alpha),
                new Recipe(3, 64, 0.05, 0.9, 5e-4, List.of(0.1 + 0.2, 0.75), 0.1),
                seed,
                -seed,
                2,
                5);

        Trial rebuilt = TrialJson.read(TrialJson.write(trial));

        assertThat(rebuilt).isEqualTo(trial);
        assertThat(rebuilt.id()).isEqualTo(trial.id());
    }

    @Test
    void refusesATrialThatLacksASetting() {
        String whole = TrialJson.write(SampleOutcomes.trial(0.1, 0.9, 0, 1));

        assertThatThrownBy(() -> TrialJson.read(whole.replace("\"momentum\":0.9,", "")))
                .hasMessageContaining("config_json is not a trial: Missing creator property 'momentum'");
        assertThatThrownBy(() -> TrialJson.read(whole.replace("\"momentum\"", "\"inertia\"")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesATeacherWhoseNameLeavesItsFolder() {
        String whole = TrialJson.write(SampleOutcomes.trial(0.1, 0.9, 0, 1));
        String teacher = SampleOutcomes.trial(0.1, 0.9, 0, 1).teacher();

        for (String name : List.of("../../etc/passwd", "/etc/passwd", "..", "a/../b", "")) {
            assertThatThrownBy(() -> TrialJson.read(whole.replace("\"" + teacher + "\"", "\"" + name + "\"")))
                    .hasMessageContaining("config_json is not a trial")
                    .hasMessageContaining("A teacher's name names a file");
        }
    }
}
