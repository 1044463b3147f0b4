package org.focaldistill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Network;
import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.TrialTrainer.Diverged;
import org.focaldistill.train.TrialTrainer.Finished;
import org.focaldistill.train.TrialTrainer.LegControl;
import org.focaldistill.train.TrialTrainer.LegOutcome;
import org.focaldistill.train.TrialTrainer.Paused;
import org.focaldistill.train.TrialTrainer.Stopped;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.Test;

/** The way through the epochs with an engine in plain Java that makes an epoch's steps at once, {@link PooledRegression}. */
class TrainingLoopTest {
    private static final ImageDataSet IMAGES = GeneratedImages.generate(100, 60, 5);
    private static final TrainingData DATA = new TrainingData(IMAGES.train(), IMAGES.test());
    private static final Network NETWORK = PooledRegression.network(100);
    private static final Recipe RECIPE = new Recipe(4, 32, 0.5, 0.9, 5e-4, List.of(0.5), 0.1);
    private static final LossSettings DISTILLATION = LossSettings.of(new LossWeights(0.5, 0.5, 0.01));
    private static final TrialTrainer TRAINER = new TrialTrainer(PooledRegression::new);
    private static final LegControl RUN = LegControls.unstopped();

    @Test
    void it_learns_and_measures_what_deeplearning4j_does() {
        Finished plain = (Finished) train(TRAINER, task(RECIPE), null, 4, RUN);
        Finished dl4j = (Finished) train(new TrialTrainer(new Dl4jEngine()), task(RECIPE), null, 4, RUN);
        for (int epoch = 0; epoch < 4; epoch++) {
            EpochResult found = plain.state().history().get(epoch);
            EpochResult expected = dl4j.state().history().get(epoch);
            assertThat(found.train().total()).isCloseTo(expected.train().total(), within(1e-5));
            assertThat(found.train().components().kl())
                    .isCloseTo(expected.train().components().kl(), within(1e-5));
            assertThat(found.validation().total())
                    .isCloseTo(expected.validation().total(), within(1e-5));
            assertThat(found.gradNorm()).isCloseTo(expected.gradNorm(), within(1e-5));
        }
        assertThat(plain.state().steps()).isEqualTo(dl4j.state().steps()).isEqualTo(4 * 3);
        assertThat(plain.measured().loss().total())
                .isCloseTo(dl4j.measured().loss().total(), within(1e-5));
        assertClose(plain.state().tensors(), dl4j.state().tensors());
        assertClose(plain.state().velocities(), dl4j.state().velocities());
    }

    @Test
    void what_it_trained_deeplearning4j_runs() throws Exception {
        Finished trained = (Finished) train(TRAINER, task(RECIPE), null, 4, RUN);
        try (Classifier dl4j =
                new Dl4jEngine().classifier(NETWORK, trained.state().tensors(), "trained")) {
            assertThat(Logits.of(dl4j, DATA.test())).containsExactly(logits(trained.state()), within(1e-5));
        }
    }

    private static double[] logits(TrainingState state) throws Exception {
        try (PooledRegression student = new PooledRegression(task(RECIPE), DATA, null, RUN)) {
            student.load(state.tensors(), "trained");
            return Logits.of(student, DATA.test());
        }
    }

    @Test
    void legs_through_a_checkpoint_give_the_same_bits() throws Exception {
        Finished whole = (Finished) train(TRAINER, task(RECIPE), null, 4, RUN);
        Paused paused = (Paused) train(TRAINER, task(RECIPE), null, 2, RUN);
        byte[] file =
                Checkpoint.write(paused.state(), Computation.CPU_FP32, Map.of()).toBytes();
        TrainingState read = Checkpoint.read(Safetensors.parse(file, "test"), "test", Computation.CPU_FP32);
        Finished resumed = (Finished) train(TRAINER, task(RECIPE), read, 4, RUN);
        assertThat(Safetensors.hash(resumed.state().tensors()))
                .isEqualTo(Safetensors.hash(whole.state().tensors()));
        assertThat(resumed.measured()).isEqualTo(whole.measured());
    }

    @Test
    void a_run_of_steps_that_ends_not_finite_tells_of_those_before_it() {
        LossSettings steep = LossSettings.of(new LossWeights(0, 1000, 0));
        Recipe mad = new Recipe(4, 32, 1e37, 0.9, 0, List.of(), 1);
        TrainingTask task = new TrainingTask(NETWORK, steep, mad, 10, 1, 1);
        Diverged diverged = (Diverged) TRAINER.train(task, DATA, null, null, 4, RUN);
        assertThat(diverged.epoch()).isEqualTo(1);
        assertThat(diverged.step()).isEqualTo(2);
        assertThat(diverged.what()).isEqualTo("CE");
        assertThat(diverged.history()).isEmpty();
    }

    @Test
    void asked_to_stop_it_leaves_the_last_whole_epoch() {
        Stopped stopped = (Stopped) train(TRAINER, task(RECIPE), null, 4, LegControls.stopAfter(2));
        assertThat(stopped.state().epochs()).isEqualTo(2);
        assertThat(Safetensors.hash(stopped.state().tensors()))
                .isEqualTo(Safetensors.hash(((Paused) train(TRAINER, task(RECIPE), null, 2, RUN))
                        .state()
                        .tensors()));
    }

    private static TrainingTask task(Recipe recipe) {
        return new TrainingTask(NETWORK, DISTILLATION, recipe, 10, 1, 1);
    }

    private static LegOutcome train(
            TrialTrainer trainer, TrainingTask task, TrainingState from, int toEpoch, LegControl control) {
        PooledRegression network = PooledRegression.classifier(100, DATA, 99);
        OnlineTeacher teacher = new OnlineTeacher(network, DATA, new OnlineTeacher.Sets());
        return trainer.train(task, DATA, teacher, from, toEpoch, control);
    }

    private static void assertClose(Map<String, Tensor> found, Map<String, Tensor> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        found.forEach((name, tensor) -> {
            assertThat(tensor.shape()).isEqualTo(expected.get(name).shape());
            assertThat(tensor.values())
                    .as(name)
                    .containsExactly(expected.get(name).values(), within(1e-5f));
        });
    }
}
