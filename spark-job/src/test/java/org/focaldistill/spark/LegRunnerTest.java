package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageSet;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.store.DataSetIndex;
import org.focaldistill.store.ShardStore;
import org.focaldistill.store.WritePermit;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.ForeignCheckpointException;
import org.focaldistill.train.LegControls;
import org.focaldistill.train.Step;
import org.focaldistill.train.StepLog;
import org.focaldistill.train.Student;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.LegControl;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Legs from checkpoint to checkpoint, with a trainer that only counts epochs. */
class LegRunnerTest {
    private static final Configuration HADOOP = new Configuration();
    private static final Computation CUDA = new Computation("cuda", "tf32");
    private static final LegControl RUN = LegControls.unstopped();

    @TempDir
    private Path folder;

    private DataLocation data;

    @BeforeEach
    void makeImages() throws IOException {
        org.apache.hadoop.fs.Path shards = hadoop(folder.resolve("data"));
        DataSetIndex index = new ShardStore(HADOOP, shards).write(GeneratedImages.generate(4, 2, 7), 4);
        data = new DataLocation(shards.toString(), index.hash(), index.classes(), 4, 2);
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    private Leg leg(Computation computation) {
        Recipe recipe = new Recipe(9, 4, 0.05, 0.9, 5e-4, List.of(), 1);
        String checkpoints = hadoop(folder.resolve("checkpoints")).toString();
        LossSettings loss = LossSettings.of(LossWeights.CROSS_ENTROPY);
        return new Leg(
                "resnet8",
                loss,
                recipe,
                0,
                1,
                1,
                computation,
                data,
                null,
                null,
                checkpoints,
                new WritePermit(checkpoints, "this driver"),
                1);
    }

    private static TrialTrainer counting() {
        return new TrialTrainer((task, images, teacher, control) -> new CountingStudent());
    }

    private static TrialTrainer notToTrain() {
        return new TrialTrainer((task, images, teacher, control) -> {
            throw new IllegalStateException("It trains");
        });
    }

    /** Its one weight is the number of epochs it was trained. */
    private static final class CountingStudent implements Student {
        private float epochs;

        @Override
        public boolean train(int epoch, StepLog made) {
            epochs++;
            made.step(List.of(new StepLog.Share(new Step(new LossComponents(1, 1, 1), 1, 1), 4)));
            return true;
        }

        @Override
        public Map<String, Tensor> tensors() {
            return Map.of("a", new Tensor(new long[] {1}, new float[] {epochs}));
        }

        @Override
        public Map<String, Tensor> velocities() {
            return tensors();
        }

        @Override
        public void load(Map<String, Tensor> tensors, String name) {
            epochs = tensors.get("a").values()[0];
        }

        @Override
        public void loadVelocities(Map<String, Tensor> velocities, String name) {
            assertThat(velocities.get("a").values()).containsExactly(epochs);
        }

        @Override
        public int classes() {
            return 100;
        }

        @Override
        public double[] logits(ImageSet images, int[] indices, IntUnaryOperator view) {
            throw new IllegalStateException("Nothing is to be evaluated before the last epoch");
        }

        @Override
        public void close() {}
    }

    private static int run(Leg leg, @Nullable String kernels) throws IOException {
        return LegRunner.history(new LegRunner(HADOOP, counting(), kernels, RUN).run(leg))
                .size();
    }

    @Test
    void a_leg_goes_on_from_the_checkpoint_of_its_own_engine_and_says_in_the_next_which_that_is() throws IOException {
        assertThat(run(leg(CUDA), "ours")).isEqualTo(1);
        assertThat(run(leg(CUDA), "ours")).isEqualTo(2);
        Map<String, String> header = checkpoints().newest((file, name) -> file.metadata());
        assertThat(header)
                .containsEntry("engine", "cuda")
                .containsEntry("numerics", "tf32")
                .containsEntry("kernels", "ours")
                .containsEntry("epoch", "2");
    }

    @Test
    void a_task_that_outlives_its_driver_leaves_the_checkpoints_of_the_next_one_alone() throws IOException {
        run(leg(CUDA), "ours");
        Path lease = folder.resolve("checkpoints/_lease.json");
        String next = "{\"id\":\"next\",\"host\":\"far-away\",\"user\":\"ada\",\"pid\":1,\"renewedAt\":0}";
        Files.writeString(lease, next);
        assertThatThrownBy(() -> run(leg(CUDA), "ours"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ada, process 1 on far-away, has taken over");
        assertThat(checkpoints().newestEpoch()).isEqualTo(1);
        Files.writeString(lease, next.replace("next", "this driver"));
        assertThat(run(leg(CUDA), "ours")).isEqualTo(2);
    }

    @Test
    void another_engine_s_checkpoint_is_kept_and_the_leg_fails_without_a_second_try() throws IOException {
        run(leg(CUDA), "ours");
        run(leg(CUDA), "ours");
        List<@Nullable Throwable> failures = new ArrayList<>();
        LegReport report = new LegLoop(DriverClock.SYSTEM, () -> false, 3)
                .run(
                        1,
                        (attempt, startedAt, last) -> {
                            new LegRunner(HADOOP, notToTrain(), "onednn", RUN).run(leg(Computation.CPU_FP32));
                            throw new IllegalStateException("It went on");
                        },
                        (attempt, startedAt, end, last, error) -> failures.add(error));
        assertThat(report).isNull();
        assertThat(failures)
                .singleElement()
                .isInstanceOf(ForeignCheckpointException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .contains(
                        "checkpoints/epoch-00002.safetensors: engine cuda with numerics tf32 wrote it, and engine cpu");
        assertThat(checkpoints().newestEpoch()).isEqualTo(2);
    }

    @Test
    void other_kernels_do_not_go_on_from_a_checkpoint_but_those_it_began_with_do() throws IOException {
        Leg leg = leg(Computation.CPU_FP32);
        run(leg, "onednn");
        assertThatThrownBy(() -> run(leg, "nd4j-cpu"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ForeignCheckpointException.class)
                .hasMessageContaining("epoch-00001.safetensors: it was computed by onednn, and here there is nd4j-cpu");
        assertThat(run(leg, "onednn")).isEqualTo(2);
    }

    @Test
    void a_checkpoint_with_fewer_epochs_than_are_to_be_measured_is_trained_on() throws IOException {
        run(leg(CUDA), "ours");
        LegRunner runner = new LegRunner(HADOOP, counting(), "ours", RUN);
        assertThat(LegRunner.history(runner.measure(leg(CUDA), 2, history -> {})))
                .hasSize(2);
        assertThat(checkpoints().newestEpoch()).isEqualTo(2);
        assertThatThrownBy(() -> runner.measure(leg(CUDA), 2, history -> {}))
                .hasMessageContaining("Nothing is to be evaluated before the last epoch");
    }

    /** As of earlier versions, and of trials that several workers train. */
    @Test
    void any_kernels_go_on_from_a_checkpoint_that_does_not_name_them() throws IOException {
        Leg leg = leg(Computation.CPU_FP32);
        run(leg, null);
        assertThat(run(leg, "nd4j-cuda")).isEqualTo(2);
        assertThat(run(leg, null)).isEqualTo(3);
    }

    private CheckpointFiles checkpoints() throws IOException {
        return new CheckpointFiles(HADOOP, hadoop(folder.resolve("checkpoints")));
    }
}
