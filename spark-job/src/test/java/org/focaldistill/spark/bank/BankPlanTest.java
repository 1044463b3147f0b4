package org.focaldistill.spark.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.BankFiles;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BankPlanTest {
    private static final DataLocation DATA = new DataLocation("data", "d1", 100, 1000, 200);

    @TempDir
    private Path folder;

    private Banks banks() {
        ReadyTeacher teacher = new ReadyTeacher(
                new TeacherLocation("t.safetensors", "resnet56", "t1"),
                new TrialOutcome.TeacherMetrics(0.7, 1, 0.1),
                null);
        return new Banks(folder.toUri().toString(), DATA, Map.of("resnet56", teacher));
    }

    private static Trial trial(TeacherMode mode, int epochs, long initSeed) {
        Trial sample = SampleOutcomes.trial(0.1, 0.9, 0, 1);
        return new Trial(
                new DataRef("cifar100", "d1", false, 1000, 100, 200),
                "resnet56",
                "t1",
                mode,
                "resnet20",
                sample.loss(),
                new Recipe(epochs, 64, 0.05, 0.9, 5e-4, List.of(), 1),
                1,
                initSeed,
                1,
                0,
                sample.computation(),
                sample.seedStreams());
    }

    private static List<Trial> trials(int count, int epochs) {
        return LongStream.range(0, count)
                .mapToObj(seed -> trial(TeacherMode.BANK_FP16, epochs, seed))
                .toList();
    }

    private List<String> lines(List<Trial> trials) throws IOException {
        return new BankPlan(banks(), trials).lines(new Configuration());
    }

    @Test
    void trials_share_the_files_of_their_epochs() throws IOException {
        assertThat(lines(trials(10, 3)))
                .containsExactly(
                        "Bank of resnet56: 5 files, 0.7 MB; 5 of them, 0.7 MB, are to be made",
                        "  3,300 images through the teacher, once; a teacher that runs with every batch would see"
                                + " 27,000, 8.2 times as many");
    }

    /** As {@code Leg} asks for them. */
    @Test
    void the_files_are_those_of_the_streams_that_a_seed_draws_from() {
        Trial plain = trial(TeacherMode.BANK_FP16, 3, 1);
        Seed seed = Seed.of(2);

        assertThat(BankSets.of(plain).between(0, 3)).isEqualTo(new BankSets(1, 3, 1000, 100, 200).between(0, 3));
        assertThat(BankSets.of(SampleOutcomes.with(plain, seed)).between(0, 3))
                .isEqualTo(new BankSets(seed.dataStream(), 3, 1000, 100, 200).between(0, 3))
                .extracting(ViewedImages::name)
                .contains("train-1000-held-out-100-seed-1581842977205825397");
    }

    @Test
    void one_trial_saves_nothing_and_is_told_so() throws IOException {
        assertThat(lines(trials(1, 20)).get(1)).contains("saves nothing").contains("--set teacher.mode=online");
    }

    @Test
    void there_are_never_more_than_162_files_of_training_images() throws IOException {
        assertThat(lines(trials(2, 240)).get(0)).startsWith("Bank of resnet56: 164 files");
    }

    @Test
    void what_is_there_is_not_made_again() throws IOException {
        Bank bank = banks().of(trial(TeacherMode.BANK_FP16, 3, 0));
        assertThat(bank).isNotNull();
        ViewedImages test = new ViewedImages.Test(200);
        new BankFiles(new Configuration(), bank.key())
                .write(test, new Tensor(new long[] {200, 100}, new float[20_000]));
        assertThat(lines(trials(10, 3)).get(0)).endsWith("; 4 of them, 0.6 MB, are to be made");
    }

    @Test
    void trials_whose_teacher_runs_online_need_none() throws IOException {
        assertThat(lines(List.of(trial(TeacherMode.ONLINE, 3, 0)))).isEmpty();
    }
}
