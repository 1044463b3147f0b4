package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Schedule;
import org.focaldistill.sweep.SeedStreams;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.Test;

class TrialJsonTest {

    @Property(tries = 200)
    void rebuildsTheSameTrial(
            @ForAll @DoubleRange(min = 0, max = 1) @Scale(16) double alpha,
            @ForAll @DoubleRange(min = 1e-9, max = 100) @Scale(12) double temperature,
            @ForAll KlDirection direction,
            @ForAll FocalForm form,
            @ForAll SeedStreams streams,
            @ForAll Schedule schedule,
            @ForAll long seed) {
        Trial trial = new Trial(
                new DataRef("cifar100", "ab", false, 2, 1, 1),
                "resnet110 \"as published\"",
                "cd",
                TeacherMode.ONLINE,
                "resnet20",
                new LossSettings(new LossWeights(alpha, 1 - alpha, alpha / 7), temperature, direction, form, alpha)
                        .withLabelSmoothing(alpha / 2)
                        .withCalibrationWeight(alpha)
                        .withDistillation(
                                new Distillation(DistillationForm.DKD, Map.of("alpha", alpha, "beta", 2.0), 3, 5)),
                new Recipe(3, 64, 0.05, 0.9, 5e-4, List.of(0.1 + 0.2, 0.75), 0.1, schedule, 2),
                seed,
                -seed,
                2,
                5,
                new Computation("cuda", "tf32"),
                streams);

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

    /** Fails when a trial has another list of components: then {@link TrialJson#VERSION} goes up. */
    @Test
    void writesTheVersionOfTheListOfComponents() {
        assertThat(TrialJson.write(SampleOutcomes.trial(0.1, 0.9, 0, 1))).isEqualTo("""
                {"version":4,"data":{"name":"cifar100","hash":"d41d8cd98f00b204","generated":false,\
                "trainImages":50000,"validationImages":0,"testImages":10000},"teacher":"resnet56",\
                "teacherHash":"9e107d9d372bb682","teacherMode":"ONLINE","student":"resnet20","loss":{"weights":\
                {"alpha":0.1,"beta":0.9,"gamma":0.0},"temperature":4.0,"klDirection":"TEACHER_STUDENT",\
                "focalForm":"FIXED","focalExponent":2.0,"labelSmoothing":0.0,"distillation":{"form":"KL",\
                "parameters":{},"warmupEpochs":0,"lastEpoch":0},"calibrationWeight":0.0},"recipe":{"epochs":240,"batchSize":64,"learningRate":0.05,\
                "momentum":0.9,"weightDecay":5.0E-4,"dropAt":[0.625,0.75,0.875],"dropFactor":0.1,"schedule":"STEPS",\
                "warmupEpochs":0},"dataSeed":1,\
                "initSeed":1,"workers":1,"averagingFrequency":0,"computation":{"engine":"cpu","numerics":"fp32"},\
                "seedStreams":"PLAIN"}""");
    }

    @Test
    void readsTheVersionsBeforeWithWhatTrialsHadInTheirTime() {
        Trial trial = SampleOutcomes.trial(0.1, 0.9, 0, 1);
        Trial onACard = SampleOutcomes.on(trial, Computation.CUDA_TF32);

        assertThat(TrialJson.read(versionOne(trial))).isEqualTo(trial);
        assertThat(TrialJson.read(versionOne(trial)).computation()).isEqualTo(Computation.CPU_FP32);
        assertThat(TrialJson.read(versionTwo(onACard))).isEqualTo(onACard);
        assertThat(TrialJson.read(versionTwo(onACard)).seedStreams()).isEqualTo(SeedStreams.PLAIN);
        assertThat(TrialJson.read(versionThree(onACard))).isEqualTo(onACard);
    }

    /** As versions before the second wrote it. */
    private static String versionOne(Trial trial) {
        String json = versionTwo(trial)
                .replace("\"version\":2,", "")
                .replace(",\"computation\":{\"engine\":\"cpu\",\"numerics\":\"fp32\"}", "");
        assertThat(json).doesNotContain("version", "computation");
        return json;
    }

    private static String versionThree(Trial trial) {
        String json = TrialJson.write(trial)
                .replace("\"version\":4,", "\"version\":3,")
                .replace(
                        ",\"labelSmoothing\":0.0,\"distillation\":{\"form\":\"KL\",\"parameters\":{},\"warmupEpochs\":0,"
                                + "\"lastEpoch\":0},\"calibrationWeight\":0.0",
                        "")
                .replace(",\"schedule\":\"STEPS\",\"warmupEpochs\":0", "");
        assertThat(json)
                .contains("\"version\":3")
                .doesNotContain("labelSmoothing", "schedule", "warmup", "calibration");
        return json;
    }

    private static String versionTwo(Trial trial) {
        String json = versionThree(trial)
                .replace("\"version\":3,", "\"version\":2,")
                .replace(",\"seedStreams\":\"PLAIN\"", "");
        assertThat(json).contains("\"version\":2").doesNotContain("seedStreams");
        return json;
    }

    @Test
    void refusesWhatAVersionDoesNotHave() {
        Trial trial = SampleOutcomes.trial(0.1, 0.9, 0, 1);
        String two = versionTwo(trial);

        assertThatThrownBy(() -> TrialJson.read(versionThree(trial).replace("\"version\":3,", "\"version\":2,")))
                .hasMessage("config_json is not a trial: it has /seedStreams, which version 2 has not");
        assertThatThrownBy(() -> TrialJson.read(two.replace("\"version\":2,", "")))
                .hasMessage("config_json is not a trial: it has /computation, which version 1 has not");
        assertThatThrownBy(() -> TrialJson.read(versionOne(trial).replace("{\"data\"", "{\"version\":2,\"data\"")))
                .hasMessageContaining("config_json is not a trial: Missing creator property 'computation'");
        assertThatThrownBy(() -> TrialJson.read(two.replace("{\"engine\":\"cpu\",\"numerics\":\"fp32\"}", "null")))
                .hasMessageContaining("config_json is not a trial: Null value for creator property 'computation'");
        assertThatThrownBy(() -> TrialJson.read(two.replace("{\"version\"", "{\"mood\":1,\"version\"")))
                .hasMessageContaining("config_json is not a trial: Unrecognized field \"mood\"");
        assertThatThrownBy(() -> TrialJson.read("[]")).hasMessage("config_json is not a trial: []");
    }

    @Test
    void refusesALaterVersionAndSaysWhichProgramReadsIt() {
        String four = TrialJson.write(SampleOutcomes.trial(0.1, 0.9, 0, 1));

        assertThatThrownBy(() -> TrialJson.read(four.replace("\"version\":4", "\"version\":5")))
                .isInstanceOf(LaterVersionException.class)
                .hasMessage(
                        "config_json has version 5, but this program knows only 1 to 4; use the version of the program"
                                + " that wrote it, or a later one");
        for (String version : List.of("0", "-1", "2.0", "\"2\"", "null", "99999999999")) {
            assertThatThrownBy(() -> TrialJson.read(four.replace("\"version\":4", "\"version\":" + version)))
                    .hasMessage("config_json is not a trial: its version is " + version);
        }
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
