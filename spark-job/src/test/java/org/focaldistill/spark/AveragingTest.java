package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.nn.averaging.NetworksWithoutNorm;
import org.focaldistill.nn.averaging.ParameterAveraging;
import org.focaldistill.nn.averaging.RoundWorker;
import org.focaldistill.nn.averaging.Rounds;
import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.spark.averaging.WorkerSource;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ShardStore;
import org.focaldistill.store.WritePermit;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingState;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.Diverged;
import org.focaldistill.train.TrialTrainer.Finished;
import org.focaldistill.train.TrialTrainer.Paused;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on several slots, on a real Spark with two. */
class AveragingTest {
    private static final Configuration HADOOP = new Configuration();
    private static final Map<String, String> SPARK = Map.of(
            "spark.master", "local[2]",
            "spark.ui.enabled", "false",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.driver.host", "127.0.0.1");
    private static final LossSettings DISTILLATION = LossSettings.of(new LossWeights(0.1, 0.9, 0.01));
    private static final TrialTrainer.LegControl RUN = new TrialTrainer.LegControl() {
        @Override
        public boolean stopRequested() {
            return false;
        }

        @Override
        public void trained(int images) {}
    };

    @TempDir
    static Path inputs;

    private static SparkCluster cluster;
    private static DataLocation data;
    private static TeacherLocation teacher;

    @BeforeAll
    static void startSparkAndMakeImagesAndATeacher() throws IOException {
        SPARK.forEach(System::setProperty);
        cluster = SparkCluster.start("test");
        org.apache.hadoop.fs.Path shards =
                new org.apache.hadoop.fs.Path(inputs.resolve("data").toUri());
        DataSetIndex index = new ShardStore(HADOOP, shards).write(GeneratedImages.generate(200, 60, 7), 200);
        data = new DataLocation(shards.toString(), index.hash(), index.classes(), 200, 60);
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(
                inputs.resolve("teacher.safetensors").toUri());
        Safetensors model =
                new Safetensors(NetworkTensors.initial(Architecture.RESNET8.network(index.classes()), 0), Map.of());
        new ModelFiles(HADOOP).replace(file, model);
        teacher = new TeacherLocation(file.toString(), "resnet8", Safetensors.hash(model.tensors()));
    }

    @AfterAll
    static void stopSpark() {
        cluster.close();
        SPARK.keySet().forEach(System::clearProperty);
    }

    /** 180 images an epoch, whose last batches are short ones. */
    private static Recipe recipe(int batchSize) {
        return new Recipe(2, batchSize, 0.05, 0.9, 5e-4, List.of(0.5), 0.1);
    }

    private static Leg leg(Recipe recipe, String training) {
        return new Leg(
                "resnet8",
                DISTILLATION,
                recipe,
                20,
                1,
                1,
                Computation.CPU_FP32,
                data,
                teacher,
                null,
                training,
                new WritePermit(training, "this driver"),
                1);
    }

    private static TrialTrainer.LegOutcome whole(TrialTrainer trainer, Leg leg) throws IOException {
        return train(leg, trainer, null, leg.recipe().epochs());
    }

    private static TrialTrainer.LegOutcome train(
            Leg leg, TrialTrainer trainer, @Nullable TrainingState from, int toEpoch) throws IOException {
        TrainingData images = ExecutorCache.OF_THIS_JVM.data(leg.data(), HADOOP);
        try (LegTeacher loan = LegTeacher.of(leg, HADOOP, () -> false)) {
            return trainer.train(leg.task(), images, loan.teacher(), from, toEpoch, RUN);
        }
    }

    private static TrialTrainer.Measured measured(Leg leg, TrialTrainer trainer, TrainingState state)
            throws IOException {
        TrainingData images = ExecutorCache.OF_THIS_JVM.data(leg.data(), HADOOP);
        try (LegTeacher loan = LegTeacher.of(leg, HADOOP, () -> false)) {
            return ((Finished) trainer.measure(leg.task(), images, loan.teacher(), state, RUN)).measured();
        }
    }

    private interface TrainerOf {
        TrialTrainer on(Rounds rounds);
    }

    private static TrialTrainer.LegOutcome averaging(
            Leg leg, int workers, int frequency, WorkerSource source, TrainerOf trainer) throws IOException {
        return cluster.drive(leg.checkpoints(), "averaging", workers, (spark, configuration, locations) -> {
            Rounds rounds = AveragingLeg.rounds(spark, configuration, locations, leg, workers, frequency, source);
            return whole(trainer.on(rounds), leg);
        });
    }

    private static TrialTrainer.LegOutcome averaging(Leg leg, int workers, int frequency) throws IOException {
        return averaging(
                leg,
                workers,
                frequency,
                () -> new RoundWorker(leg.task()),
                rounds -> new TrialTrainer(new ParameterAveraging(workers, frequency, rounds)));
    }

    @Test
    void one_worker_gives_what_local_training_gives_bit_for_bit() throws IOException {
        Finished local = (Finished) whole(new TrialTrainer(new Dl4jEngine()), leg(recipe(48), "local"));
        Finished averaged = (Finished) averaging(leg(recipe(48), "one"), 1, 3);
        assertSame(averaged.state(), local.state());
        assertThat(averaged.measured()).isEqualTo(local.measured());
    }

    @Test
    void two_workers_that_average_every_step_are_sgd_on_their_joint_batch() throws IOException {
        Leg half = leg(recipe(30), "half");
        Finished joint = (Finished) whole(NetworksWithoutNorm.local(), leg(recipe(60), "joint"));
        Finished averaged = (Finished) averaging(
                half,
                2,
                1,
                () -> NetworksWithoutNorm.worker(half.task()),
                rounds -> NetworksWithoutNorm.averaging(2, 1, rounds));
        assertThat(averaged.state().steps())
                .isEqualTo(6)
                .isEqualTo(joint.state().steps());
        assertClose(averaged.state().tensors(), joint.state().tensors(), 1e-6);
        assertClose(averaged.state().velocities(), joint.state().velocities(), 1e-6);
        for (int epoch = 0; epoch < 2; epoch++) {
            assertThat(averaged.state().history().get(epoch).train().total())
                    .isCloseTo(joint.state().history().get(epoch).train().total(), within(1e-6));
        }
    }

    /** Of the first layer with weights that hardly move, so that it sees the same. Small batches differ much. */
    @Test
    void running_statistics_are_those_of_the_joint_batches() throws IOException {
        Recipe small = new Recipe(1, 4, 1e-12, 0.9, 5e-4, List.of(), 0.1);
        Recipe twice = new Recipe(1, 8, 1e-12, 0.9, 5e-4, List.of(), 0.1);
        Finished joint = (Finished) whole(new TrialTrainer(new Dl4jEngine()), leg(twice, "joint batches"));
        Finished averaged = (Finished) averaging(leg(small, "small batches"), 2, 1);
        for (String tensor : List.of("bn1.running_mean", "bn1.running_var")) {
            float[] expected = joint.state().tensors().get(tensor).values();
            float[] found = averaged.state().tensors().get(tensor).values();
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) found[i]).as(tensor).isCloseTo(expected[i], within(5e-4));
            }
        }
    }

    @Test
    void two_workers_give_the_same_numbers_bit_for_bit_each_time() throws IOException {
        Finished first = (Finished) averaging(leg(recipe(24), "first"), 2, 2);
        Finished second = (Finished) averaging(leg(recipe(24), "second"), 2, 2);
        assertSame(second.state(), first.state());
        assertThat(second.measured()).isEqualTo(first.measured());
        // 180 images in steps of 2 x 24: 48 + 48 + 48 + 36
        assertThat(first.state().steps()).isEqualTo(2 * 4);
        assertThat(first.state().history())
                .allSatisfy(epoch -> assertThat(epoch.images()).isEqualTo(180));
    }

    /** Sums of more than two depend on the order in which the workers end. */
    @Test
    void four_workers_give_the_same_numbers_to_a_thousandth_each_time() throws IOException {
        Finished first = (Finished) averaging(leg(recipe(12), "first of four"), 4, 2);
        Finished second = (Finished) averaging(leg(recipe(12), "second of four"), 4, 2);
        assertClose(second.state().tensors(), first.state().tensors(), 1e-3);
        assertThat(second.measured().loss().total())
                .isCloseTo(first.measured().loss().total(), within(1e-3));
    }

    @Test
    void legs_give_what_an_uninterrupted_run_gives() throws IOException {
        Leg leg = leg(recipe(24), "legs");
        Finished whole = (Finished) averaging(leg, 2, 2);
        Finished resumed = (Finished) cluster.drive("legs", "averaging", 2, (spark, configuration, locations) -> {
            Rounds rounds =
                    AveragingLeg.rounds(spark, configuration, locations, leg, 2, 2, () -> new RoundWorker(leg.task()));
            TrialTrainer trainer = new TrialTrainer(new ParameterAveraging(2, 2, rounds));
            Paused paused = (Paused) train(leg, trainer, null, 1);
            Finished last = (Finished) train(leg, trainer, paused.state(), 2);
            assertThat(measured(leg, trainer, last.state())).isEqualTo(last.measured());
            return last;
        });
        assertSame(resumed.state(), whole.state());
        assertThat(resumed.measured()).isEqualTo(whole.measured());
    }

    @Test
    void a_far_too_large_learning_rate_ends_as_diverged_with_step_and_cause() throws IOException {
        Recipe mad = new Recipe(2, 24, 1e18, 0.9, 5e-4, List.of(), 0.1);
        Diverged diverged = (Diverged) averaging(leg(mad, "mad"), 2, 4);
        assertThat(diverged.epoch()).isEqualTo(1);
        assertThat(diverged.step()).isBetween(2L, 4L);
        assertThat(diverged.what()).isIn("KL", "CE", "gradient");
    }

    private static void assertSame(TrainingState found, TrainingState expected) {
        assertThat(Safetensors.hash(found.tensors())).isEqualTo(Safetensors.hash(expected.tensors()));
        assertThat(Safetensors.hash(found.velocities())).isEqualTo(Safetensors.hash(expected.velocities()));
        assertThat(found.steps()).isEqualTo(expected.steps());
        assertThat(found.history()).hasSameSizeAs(expected.history());
        for (int i = 0; i < expected.history().size(); i++) {
            var there = found.history().get(i);
            var here = expected.history().get(i);
            assertThat(there.train()).isEqualTo(here.train());
            assertThat(there.validation()).isEqualTo(here.validation());
            assertThat(there.gradNorm()).isEqualTo(here.gradNorm());
        }
    }

    private static void assertClose(Map<String, Tensor> found, Map<String, Tensor> expected, double tolerance) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, tensor) -> {
            float[] values = found.get(name).values();
            for (int i = 0; i < values.length; i++) {
                assertThat((double) values[i]).as(name).isCloseTo(tensor.values()[i], within(tolerance));
            }
        });
    }
}
