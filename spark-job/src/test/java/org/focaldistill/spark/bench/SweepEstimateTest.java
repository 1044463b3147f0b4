package org.focaldistill.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.config.ConfigLoader;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.bank.BankPlan;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.bench.SweepEstimate.MissingTeacher;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepEstimateTest {
    /** Of an image, forward: training takes six times as many operations, evaluation twice. */
    private static final Map<String, Long> MULTIPLY_ADDS = Map.of("student", 50_000_000L, "teacher", 100_000_000L);

    private static AssumedSpeed speed(double teraFlops) {
        return new AssumedSpeed(teraFlops, MULTIPLY_ADDS::get);
    }

    @Test
    void an_assumed_slot_trains_in_three_passes_and_evaluates_in_one() {
        // 1.2e12 / (2 * 3 * 50e6), / (2 * 100e6), / (2 * (3 * 50e6 + 100e6))
        assertThat(rate(TimedRun.Kind.PLAIN, "student", "", 1)).isCloseTo(4000, within(1e-6));
        assertThat(rate(TimedRun.Kind.BANK, "student", "teacher", 1)).isCloseTo(4000, within(1e-6));
        assertThat(rate(TimedRun.Kind.TEACHER, "teacher", "teacher", 1)).isCloseTo(6000, within(1e-6));
        assertThat(rate(TimedRun.Kind.ONLINE, "student", "teacher", 1)).isCloseTo(2400, within(1e-6));
    }

    @Test
    void eight_assumed_slots_are_eight_times_as_fast_as_one() {
        assertThat(rate(TimedRun.Kind.PLAIN, "student", "", 8)).isCloseTo(32_000, within(1e-6));
    }

    private static double rate(TimedRun.Kind kind, String model, String teacher, int slots) {
        return speed(1.2).reading(kind, model, teacher, slots).imagesPerSecond();
    }

    @Test
    void an_assumed_speed_says_what_it_rests_on() {
        assertThat(String.join("\n", speed(3).assumptions()))
                .contains("Assumed, not measured: a slot does 3 TFLOP/s", "2 FLOP a multiply-add")
                .contains("training is 3 passes", "a teacher in evaluation mode is 1")
                .contains("ShuffleV1, do worse than their multiply-adds say");
        assertThat(speed(3).reading(TimedRun.Kind.ONLINE, "student", "teacher", 1)
                        .origin())
                .isEqualTo("From 3 x 50.0 + 1 x 100.0 million multiply-adds an image on 1 slot");
    }

    /** Three trials with a bank and one with its teacher on every batch, of 216,000 images each. */
    private static List<String> lines(int slots, int savedOfOnline) throws IOException {
        List<Trial> open = Stream.of(
                        TeacherMode.BANK_FP16, TeacherMode.BANK_FP16, TeacherMode.BANK_FP16, TeacherMode.ONLINE)
                .map(SweepEstimateTest::trial)
                .toList();
        return new SweepEstimate(speed(1.2), slots)
                .lines(new SweepEstimate.Work(
                        open,
                        Map.of(open.get(3).id(), savedOfOnline),
                        Map.of("big", "teacher"),
                        Map.of("teacher", 120_000L),
                        List.of(new MissingTeacher("teacher", 480_000))));
    }

    /** 8e9 multiply-adds a second are 0.016 TFLOP/s. */
    @Test
    void a_seen_speed_is_that_of_an_assumed_slot() throws IOException {
        Trial trial = trial(TeacherMode.BANK_FP16);
        SweepEstimate.Work work = new SweepEstimate.Work(List.of(trial), Map.of(), Map.of(), Map.of(), List.of());
        double images = 240.0 * 900;
        double multiplyAdds = 3.0 * Architecture.RESNET8.network(100).cost().multiplyAccumulates();
        SweepEstimate seen = SweepEstimate.atSpeed(8e9, unused -> Architecture.RESNET8.network(100), 1);
        assertThat(seen.seconds(work)).isCloseTo(images * multiplyAdds / 8e9, within(1e-6));
    }

    private static Trial trial(TeacherMode mode) {
        return new Trial(
                new DataRef("cifar100", "d1", false, 1000, 100, 200),
                "big",
                "t1",
                mode,
                "student",
                SampleOutcomes.trial(0.1, 0.9, 0, 1).loss(),
                new Recipe(240, 64, 0.05, 0.9, 5e-4, List.of(), 1),
                1,
                1,
                1,
                0,
                SampleOutcomes.trial(0.1, 0.9, 0, 1).computation(),
                SampleOutcomes.trial(0.1, 0.9, 0, 1).seedStreams());
    }

    @Test
    void the_time_is_the_sum_of_training_bank_and_teachers() throws IOException {
        // 3 * 216,000 / 4,000 + 216,000 / 2,400; 120,000 / 6,000; 480,000 / 2,000
        assertThat(time(1)).startsWith("Time: about 8 min 32 s on 1 slot: training 4 min 12 s, bank 20 s, teachers");
        assertThat(lines(1, 0))
                .contains(
                        "From 3 x 50.0 million multiply-adds an image on 1 slot: training student, 4000 images/s",
                        "From 1 x 100.0 million multiply-adds an image on 1 slot: teacher teacher in evaluation mode,"
                                + " 6000 images/s");
    }

    @Test
    void more_slots_share_trials_and_bank_but_one_teacher_is_trained_on_one() throws IOException {
        assertThat(time(2))
                .isEqualTo("Time: about 6 min 16 s on 2 slots: training 2 min 6 s, bank 10 s, teachers first 4 min 0 s;"
                        + " evaluation and the driver's work come on top");
    }

    @Test
    void teachers_are_trained_side_by_side() throws IOException {
        // 200, 100 and 60 s at 2,000 images/s
        List<MissingTeacher> missing = Stream.of(400_000L, 200_000L, 120_000L)
                .map(images -> new MissingTeacher("teacher", images))
                .toList();
        SweepEstimate.Work work = new SweepEstimate.Work(List.of(), Map.of(), Map.of(), Map.of(), missing);
        assertThat(String.join("\n", new SweepEstimate(speed(1.2), 1).lines(work)))
                .contains("teachers first 6 min 0 s");
        assertThat(String.join("\n", new SweepEstimate(speed(1.2), 2).lines(work)))
                .contains("teachers first 3 min 20 s");
        assertThat(String.join("\n", new SweepEstimate(speed(1.2), 8).lines(work)))
                .contains("teachers first 3 min 20 s");
    }

    /** And the trial whose teacher runs on every batch takes longest, 216,000 / 2,400. */
    @Test
    void slots_beyond_the_trials_stay_idle() throws IOException {
        assertThat(time(8)).startsWith("Time: about 5 min 35 s on 4 slots: training 1 min 30 s, bank 5 s, teachers");
    }

    @Test
    void epochs_that_an_earlier_run_saved_are_not_trained_again() throws IOException {
        // 3 * 54, and 40 of 240 epochs of 90
        assertThat(lines(1, 200).get(lines(1, 200).size() - 1)).contains("training 2 min 57 s");
    }

    private static String time(int slots) throws IOException {
        List<String> lines = lines(slots, 0);
        return lines.get(lines.size() - 1);
    }

    private static long multiplyAdds(String model) {
        return Architecture.named(model).network(100).cost().multiplyAccumulates();
    }

    @Test
    void networks_are_counted_as_the_command_models_prints_them() {
        assertThat(multiplyAdds("resnet20")).isEqualTo(40_818_944);
        assertThat(multiplyAdds("ShuffleV1")).isEqualTo(38_691_456);
    }

    @Test
    void the_header_of_the_study_has_its_estimates(@TempDir Path folder) throws IOException {
        Path file = Path.of("..", "conf", "study.conf");
        FocalDistillConfig config = new ConfigLoader(new TreeSet<>(Architecture.modelNames()))
                .load(file, List.of())
                .config();
        Map<String, String> hashes = new TreeMap<>();
        Map<String, String> models = new TreeMap<>();
        Map<String, ReadyTeacher> teachers = new TreeMap<>();
        config.teachers().forEach((name, teacher) -> {
            hashes.put(name, "hash of " + name);
            models.put(name, teacher.model());
            TeacherLocation location = new TeacherLocation(name, teacher.model(), "hash of " + name);
            teachers.put(name, new ReadyTeacher(location, new TeacherMetrics(0, 0, 0), null));
        });
        DataRef data = new DataRef("cifar100", "hash", false, 50_000, 0, 10_000);
        List<Trial> open = SweepPlan.of(config.sweep(), data, hashes, Computation.CPU_FP32).trials().stream()
                .map(PlannedTrial::trial)
                .toList();
        DataLocation location = new DataLocation("data", "hash", 100, 50_000, 10_000);
        BankPlan bank = new BankPlan(new Banks(folder.toUri().toString(), location, teachers), open);
        List<MissingTeacher> missing = config.teachers().values().stream()
                .map(teacher ->
                        new MissingTeacher(teacher.model(), teacher.recipe().epochs() * 50_000L))
                .toList();
        SweepEstimate.Work work =
                new SweepEstimate.Work(open, Map.of(), models, bank.imagesToMake(new Configuration()), missing);
        AssumedSpeed speed = new AssumedSpeed(3, SweepEstimateTest::multiplyAdds);

        for (int slots : List.of(1, 8)) {
            List<String> lines = new SweepEstimate(speed, slots).lines(work);
            String time = lines.get(lines.size() - 1).replaceAll("Time: (about [^:]*) on .*", "$1");
            assertThat(Files.readString(file)).contains("--assume-tflops 3").contains(time + " on " + slots);
        }
    }
}
