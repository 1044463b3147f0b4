package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.nn.averaging.ParameterAveraging;
import org.focaldistill.nn.averaging.RoundWorker;
import org.focaldistill.nn.averaging.Rounds;
import org.focaldistill.spark.averaging.WorkerSource;
import org.focaldistill.spark.bank.Bank;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.BankKey;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ShardStore;
import org.focaldistill.store.WritePermit;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.testing.Closeness;
import org.focaldistill.train.LegControls;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingState;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.Finished;
import org.focaldistill.train.TrialTrainer.Paused;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.jspecify.annotations.Nullable;

/** Trainings of resnet8 on a real Spark with two slots, with images and a teacher of its own. */
final class AveragedTrainings implements AutoCloseable {
    private static final Configuration HADOOP = new Configuration();
    private static final Map<String, String> SPARK = Map.of(
            "spark.master", "local[2]",
            "spark.ui.enabled", "false",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.driver.host", "127.0.0.1");
    private static final LossSettings DISTILLATION = LossSettings.of(new LossWeights(0.1, 0.9, 0.01));

    private final SparkCluster cluster;
    private final int heldOut;
    private final DataLocation data;
    private final TeacherLocation teacher;
    private final String banks;

    /** @param heldOut of the training images */
    AveragedTrainings(Path inputs, int trainImages, int heldOut, int testImages) throws IOException {
        this.heldOut = heldOut;
        banks = inputs.resolve("banks").toUri().toString();
        SPARK.forEach(System::setProperty);
        cluster = SparkCluster.start("test");
        org.apache.hadoop.fs.Path shards =
                new org.apache.hadoop.fs.Path(inputs.resolve("data").toUri());
        DataSetIndex index =
                new ShardStore(HADOOP, shards).write(GeneratedImages.generate(trainImages, testImages, 7), trainImages);
        data = new DataLocation(shards.toString(), index.hash(), index.classes(), trainImages, testImages);
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(
                inputs.resolve("teacher.safetensors").toUri());
        Safetensors model =
                new Safetensors(NetworkTensors.initial(Architecture.RESNET8.network(index.classes()), 0), Map.of());
        new ModelFiles(HADOOP).replace(file, model);
        teacher = new TeacherLocation(file.toString(), "resnet8", Safetensors.hash(model.tensors()));
    }

    Leg leg(Recipe recipe, String training, Computation computation) {
        return leg(recipe, training, computation, null);
    }

    /** One whose teacher is a bank. */
    Leg bankLeg(Recipe recipe, String training, Computation computation, boolean half) {
        BankKey key = new BankKey(banks, "resnet8", teacher.hash(), data.hash(), data.classes(), "views", half);
        return leg(recipe, training, computation, new Bank(key, teacher, data));
    }

    private Leg leg(Recipe recipe, String training, Computation computation, @Nullable Bank bank) {
        return new Leg(
                "resnet8",
                DISTILLATION,
                recipe,
                heldOut,
                1,
                1,
                computation,
                data,
                teacher,
                bank,
                training,
                new WritePermit(training, "this driver"),
                1);
    }

    /** The images, where the caller is. */
    static TrainingData images(Leg leg) throws IOException {
        return ExecutorCache.OF_THIS_JVM.data(leg.data(), HADOOP);
    }

    static TrialTrainer.LegOutcome whole(TrialTrainer trainer, Leg leg) throws IOException {
        return train(leg, trainer, null, leg.recipe().epochs());
    }

    private static TrialTrainer.LegOutcome train(
            Leg leg, TrialTrainer trainer, @Nullable TrainingState from, int toEpoch) throws IOException {
        try (LegTeacher loan = LegTeacher.of(leg, HADOOP, () -> false)) {
            return trainer.train(leg.task(), images(leg), loan.teacher(), from, toEpoch, LegControls.unstopped());
        }
    }

    private static TrialTrainer.Measured measured(Leg leg, TrialTrainer trainer, TrainingState state)
            throws IOException {
        try (LegTeacher loan = LegTeacher.of(leg, HADOOP, () -> false)) {
            return ((Finished) trainer.measure(leg.task(), images(leg), loan.teacher(), state, LegControls.unstopped()))
                    .measured();
        }
    }

    interface TrainerOf {
        TrialTrainer on(Rounds rounds);
    }

    TrialTrainer.LegOutcome averaging(Leg leg, int workers, int frequency, WorkerSource source, TrainerOf trainer)
            throws IOException {
        return cluster.drive(leg.checkpoints(), "averaging", workers, (spark, configuration, locations) -> {
            Rounds rounds = AveragingLeg.rounds(spark, configuration, locations, leg, workers, frequency, source);
            return whole(trainer.on(rounds), leg);
        });
    }

    TrialTrainer.LegOutcome averaging(Leg leg, int workers, int frequency, WorkerSource source) throws IOException {
        return averaging(
                leg,
                workers,
                frequency,
                source,
                rounds -> new TrialTrainer(new ParameterAveraging(workers, frequency, rounds)));
    }

    /** On CPUs. */
    TrialTrainer.LegOutcome averaging(Leg leg, int workers, int frequency) throws IOException {
        return averaging(leg, workers, frequency, () -> RoundWorker.onGraph(leg.task()));
    }

    /** Two epochs in two legs, by two workers that average every two steps, and measured again at their end. */
    Finished twoLegs(Leg leg, WorkerSource source) throws IOException {
        return (Finished) cluster.drive("legs", "averaging", 2, (spark, configuration, locations) -> {
            Rounds rounds = AveragingLeg.rounds(spark, configuration, locations, leg, 2, 2, source);
            TrialTrainer trainer = new TrialTrainer(new ParameterAveraging(2, 2, rounds));
            Paused paused = (Paused) train(leg, trainer, null, 1);
            Finished last = (Finished) train(leg, trainer, paused.state(), 2);
            assertThat(measured(leg, trainer, last.state())).isEqualTo(last.measured());
            return last;
        });
    }

    static void assertSame(TrainingState found, TrainingState expected) {
        assertSameSteps(found, expected);
        for (int i = 0; i < expected.history().size(); i++) {
            assertThat(found.history().get(i).validation())
                    .isEqualTo(expected.history().get(i).validation());
        }
    }

    /** Whatever the held-out images were measured by. */
    static void assertSameSteps(TrainingState found, TrainingState expected) {
        assertThat(Safetensors.hash(found.tensors())).isEqualTo(Safetensors.hash(expected.tensors()));
        assertThat(Safetensors.hash(found.velocities())).isEqualTo(Safetensors.hash(expected.velocities()));
        assertThat(found.steps()).isEqualTo(expected.steps());
        assertThat(found.history()).hasSameSizeAs(expected.history());
        for (int i = 0; i < expected.history().size(); i++) {
            var there = found.history().get(i);
            var here = expected.history().get(i);
            assertThat(there.train()).isEqualTo(here.train());
            assertThat(there.gradNorm()).isEqualTo(here.gradNorm());
        }
    }

    static void assertClose(Map<String, Tensor> found, Map<String, Tensor> expected, double tolerance) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, tensor) -> Closeness.assertClose(name, found.get(name).values(), tensor.values(), tolerance));
    }

    @Override
    public void close() {
        cluster.close();
        SPARK.keySet().forEach(System::clearProperty);
    }
}
