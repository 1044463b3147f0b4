package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.focaldistill.spark.AveragedTrainings.assertClose;
import static org.focaldistill.spark.AveragedTrainings.assertSame;
import static org.focaldistill.spark.AveragedTrainings.whole;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.focaldistill.nn.averaging.NetworksWithoutNorm;
import org.focaldistill.nn.averaging.RoundWorker;
import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.Diverged;
import org.focaldistill.train.TrialTrainer.Finished;
import org.focaldistill.train.TrialTrainer.LegOutcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on several slots, on a real Spark with two. */
class AveragingTest {
    @TempDir
    static Path inputs;

    private static AveragedTrainings trainings;
    private static @Nullable Finished ofTwoWorkers;

    @BeforeAll
    static void startSparkAndMakeImagesAndATeacher() throws IOException {
        trainings = new AveragedTrainings(inputs, 200, 20, 60);
    }

    @AfterAll
    static void stopSpark() {
        trainings.close();
    }

    /** 180 images an epoch, whose last batches are short ones. */
    private static Recipe recipe(int batchSize) {
        return new Recipe(2, batchSize, 0.05, 0.9, 5e-4, List.of(0.5), 0.1);
    }

    private static Leg leg(Recipe recipe, String training) {
        return trainings.leg(recipe, training, Computation.CPU_FP32);
    }

    private static LegOutcome averaging(Leg leg, int workers, int frequency) throws IOException {
        return trainings.averaging(leg, workers, frequency);
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
        Finished averaged = (Finished) trainings.averaging(
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

    /** One training, made once for all tests that compare another with it. */
    private static Finished ofTwoWorkers() throws IOException {
        if (ofTwoWorkers == null) {
            ofTwoWorkers = (Finished) averaging(leg(recipe(24), "first"), 2, 2);
        }
        return ofTwoWorkers;
    }

    @Test
    void two_workers_give_the_same_numbers_bit_for_bit_each_time() throws IOException {
        Finished first = ofTwoWorkers();
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
        Finished whole = ofTwoWorkers();
        Finished resumed = trainings.twoLegs(leg, () -> RoundWorker.onGraph(leg.task()));
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
}
