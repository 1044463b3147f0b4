package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.focaldistill.spark.AveragedTrainings.assertClose;
import static org.focaldistill.spark.AveragedTrainings.assertSame;
import static org.focaldistill.spark.AveragedTrainings.assertSameSteps;
import static org.focaldistill.spark.AveragedTrainings.whole;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.focaldistill.cuda.OpenCard;
import org.focaldistill.cuda.StandInCard;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.nn.averaging.NetworksWithoutNorm;
import org.focaldistill.nn.averaging.RoundWorker;
import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.spark.averaging.WorkerSource;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.LegControls;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.Diverged;
import org.focaldistill.train.TrialTrainer.Finished;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training by several workers on the card that the stand-in is, on a real Spark with two slots. */
class CardAveragingTest {
    @TempDir
    static Path inputs;

    private static AveragedTrainings trainings;
    private static OpenCard card;

    @BeforeAll
    static void startSparkAndOpenTheCard() throws IOException, NoCardException {
        card = StandInCard.open();
        trainings = new AveragedTrainings(inputs, 18, 4, 4);
    }

    @AfterAll
    static void stopSpark() {
        if (trainings != null) {
            trainings.close();
        }
        if (card != null) {
            card.close();
        }
    }

    /** 14 images an epoch: for two workers a step of two batches of four, and one whose batches have three. */
    private static Recipe recipe(int batchSize) {
        return new Recipe(2, batchSize, 0.05, 0.9, 5e-4, List.of(0.5), 0.1);
    }

    private static Leg leg(Recipe recipe, String training) {
        return trainings.leg(recipe, training, Computation.CUDA_FP32);
    }

    private static WorkerSource onCard(Leg leg) {
        return () -> RoundWorker.on(
                card.workers("fp32"), leg.task(), AveragedTrainings.images(leg), LegControls.unstopped());
    }

    private static Finished averaging(Leg leg, int workers, int frequency) throws IOException {
        return (Finished) trainings.averaging(leg, workers, frequency, onCard(leg));
    }

    private static TrialTrainer plain() {
        return new TrialTrainer(card.engine("fp32"));
    }

    /** The averaged network is measured on a CPU, in fp32. */
    @ParameterizedTest
    @CsvSource({"fp32, 1e-5", "bf16, 2e-2"})
    void one_worker_makes_the_steps_of_a_plain_training_bit_for_bit(String numerics, double ofMeasuring)
            throws IOException {
        Recipe recipe = new Recipe(1, 4, 0.05, 0.9, 5e-4, List.of(), 1);
        Computation computation = new Computation("cuda", numerics);
        Leg plain = trainings.leg(recipe, "alone in " + numerics, computation);
        Leg one = trainings.leg(recipe, "one in " + numerics, computation);
        Finished alone = (Finished) whole(new TrialTrainer(card.engine(numerics)), plain);
        Finished averaged = (Finished) trainings.averaging(
                one,
                1,
                3,
                () -> RoundWorker.on(
                        card.workers(numerics), one.task(), AveragedTrainings.images(one), LegControls.unstopped()));
        assertSameSteps(averaged.state(), alone.state());
        assertThat(averaged.measured().loss().total())
                .isCloseTo(alone.measured().loss().total(), within(ofMeasuring));
    }

    @Test
    void two_workers_that_average_every_step_are_sgd_on_their_joint_batch() throws IOException {
        Leg half = leg(recipe(4), "half");
        Finished joint = (Finished) whole(NetworksWithoutNorm.trainer(card.engine("fp32")), leg(recipe(8), "joint"));
        Finished averaged = (Finished) trainings.averaging(
                half,
                2,
                1,
                () -> NetworksWithoutNorm.worker(
                        card.workers("fp32"), half.task(), AveragedTrainings.images(half), LegControls.unstopped()),
                rounds -> NetworksWithoutNorm.averaging(2, 1, rounds));
        assertThat(averaged.state().steps())
                .isEqualTo(4)
                .isEqualTo(joint.state().steps());
        say("without norms, two workers", averaged, "their joint batch", joint);
        assertClose(averaged.state().tensors(), joint.state().tensors(), 1e-6);
        assertClose(averaged.state().velocities(), joint.state().velocities(), 1e-6);
        for (int epoch = 0; epoch < 2; epoch++) {
            assertThat(averaged.state().history().get(epoch).train().total())
                    .isCloseTo(joint.state().history().get(epoch).train().total(), within(1e-6));
        }
    }

    /**
     * The plain training takes the two workers' batches as one. Sums that differ in their last bits let a ReLU open or close now and
     * then, so that both trainings move away from the CPU's with each step.
     */
    @Test
    @Tag("slow")
    void two_workers_on_cards_are_as_close_to_two_on_cpus_as_a_plain_training_is() throws IOException {
        Recipe half = new Recipe(1, 4, 0.01, 0.9, 5e-4, List.of(), 1);
        Recipe joint = new Recipe(1, 8, 0.01, 0.9, 5e-4, List.of(), 1);
        Leg onCpus = trainings.leg(half, "averaged on CPUs", Computation.CPU_FP32);
        Finished expected = (Finished) trainings.averaging(onCpus, 2, 1);
        Finished found = averaging(leg(half, "averaged on cards"), 2, 1);
        Finished onCard = (Finished) whole(plain(), leg(joint, "plain"));
        Finished onCpu = (Finished) whole(new TrialTrainer(new Dl4jEngine()), leg(joint, "plain"));
        double averaged = say("resnet8, two workers on cards", found, "two on CPUs", expected);
        double alone = say("resnet8, a plain training on a card", onCard, "one on a CPU", onCpu);
        assertThat(averaged).isLessThan(Math.min(1e-2, 3 * alone + 1e-5));
        assertThat(found.state().steps()).isEqualTo(expected.state().steps());
        assertThat(found.measured().loss().total())
                .isCloseTo(expected.measured().loss().total(), within(1e-3));
    }

    /** A step that averages what two have, so that few ReLUs open or close otherwise. */
    @ParameterizedTest(name = "of half precision: {0}")
    @ValueSource(booleans = {true, false})
    void two_workers_with_a_bank_learn_from_it_on_cards_what_they_do_on_cpus(boolean half) throws IOException {
        Recipe oneStep = new Recipe(1, 7, 0.01, 0.9, 5e-4, List.of(), 1);
        String name = half ? "fp16 on " : "fp32 on ";
        Leg onCpus = trainings.bankLeg(oneStep, name + "CPUs", Computation.CPU_FP32, half);
        Leg onCards = trainings.bankLeg(oneStep, name + "cards", Computation.CUDA_FP32, half);
        Finished expected = (Finished) trainings.averaging(onCpus, 2, 1);
        Finished found = averaging(onCards, 2, 1);
        assertThat(say(name + "cards", found, "CPUs", expected)).isLessThan(1e-2);
        assertThat(found.state().steps()).isEqualTo(1);
        assertThat(found.state().history().get(0).train().total())
                .isCloseTo(expected.state().history().get(0).train().total(), within(1e-5));
        assertThat(found.measured().loss().total())
                .isCloseTo(expected.measured().loss().total(), within(1e-4));
    }

    @Test
    @Tag("slow")
    void legs_give_what_an_uninterrupted_run_gives_bit_for_bit() throws IOException {
        Leg leg = leg(recipe(4), "legs");
        Finished whole = averaging(leg, 2, 2);
        Finished resumed = trainings.twoLegs(leg, onCard(leg));
        assertSame(resumed.state(), whole.state());
        assertThat(resumed.measured()).isEqualTo(whole.measured());
    }

    @Test
    void a_far_too_large_learning_rate_ends_as_diverged_with_step_and_cause() throws IOException {
        Recipe mad = new Recipe(2, 2, 1e30, 0.9, 5e-4, List.of(), 0.1);
        Leg leg = leg(mad, "mad");
        Diverged diverged = (Diverged) trainings.averaging(leg, 2, 3, onCard(leg));
        assertThat(diverged.epoch()).isEqualTo(1);
        assertThat(diverged.step()).isBetween(2L, 3L);
        assertThat(diverged.what()).isIn("KL", "CE", "gradient");
    }

    /** How far tensors and velocities are, whichever is farther, as a part of how long they are; printed. */
    private static double say(String what, Finished found, String from, Finished expected) {
        double tensors = distance(found.state().tensors(), expected.state().tensors());
        double velocities =
                distance(found.state().velocities(), expected.state().velocities());
        System.out.printf("%s from %s: tensors %.1e, velocities %.1e%n", what, from, tensors, velocities);
        return Math.max(tensors, velocities);
    }

    private static double distance(Map<String, Tensor> found, Map<String, Tensor> expected) {
        double between = 0;
        double length = 0;
        for (Map.Entry<String, Tensor> tensor : expected.entrySet()) {
            float[] there = tensor.getValue().values();
            float[] here = found.get(tensor.getKey()).values();
            for (int i = 0; i < there.length; i++) {
                between += Math.pow((double) here[i] - there[i], 2);
                length += Math.pow(there[i], 2);
            }
        }
        return Math.sqrt(between / length);
    }
}
