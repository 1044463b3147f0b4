package org.focaldistill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ImageSet;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Network;
import org.focaldistill.net.Normalisation;
import org.focaldistill.nn.dl4j.Dl4jEngine;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.train.TrialTrainer.Diverged;
import org.focaldistill.train.TrialTrainer.Finished;
import org.focaldistill.train.TrialTrainer.LegControl;
import org.focaldistill.train.TrialTrainer.LegOutcome;
import org.focaldistill.train.TrialTrainer.Paused;
import org.focaldistill.train.TrialTrainer.Stopped;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;

class TrialTrainerTest {
    private static final Engine ENGINE = new Dl4jEngine();
    private static final TrialTrainer TRAINER = new TrialTrainer(ENGINE);
    private static final ImageDataSet IMAGES = GeneratedImages.generate(200, 100, 7);
    private static final TrainingData DATA = new TrainingData(IMAGES.train(), IMAGES.test());
    private static final Recipe RECIPE = new Recipe(3, 48, 0.05, 0.9, 5e-4, List.of(0.5), 0.1);
    private static final LegControl RUN = LegControls.unstopped();

    @Test
    void same_seeds_give_the_same_numbers_bit_for_bit() {
        Finished first = (Finished) train(task(distillation(), RECIPE), null, 3, RUN);
        Finished second = (Finished) train(task(distillation(), RECIPE), null, 3, RUN);
        assertSame(second.state(), first.state());
        assertThat(second.measured()).isEqualTo(first.measured());
    }

    @Test
    void legs_through_a_checkpoint_file_give_what_an_uninterrupted_run_gives() throws Exception {
        TrainingTask task = task(distillation(), RECIPE);
        Finished whole = (Finished) train(task, null, 3, RUN);

        Paused paused = (Paused) train(task, null, 1, RUN);
        byte[] file = Checkpoint.write(paused.state(), Computation.CPU_FP32, Map.of("about", "a test"))
                .toBytes();
        TrainingState read = Checkpoint.read(Safetensors.parse(file, "test"), "test", Computation.CPU_FP32);
        Finished resumed = (Finished) train(task, read, 3, RUN);

        assertSame(resumed.state(), whole.state());
        assertThat(resumed.measured()).isEqualTo(whole.measured());
    }

    @Test
    void a_stopped_leg_leaves_its_last_completed_epoch() {
        TrainingTask task = task(distillation(), RECIPE);
        Paused afterOne = (Paused) train(task, null, 1, RUN);
        int stepsAnEpoch = 4;
        Stopped stopped = (Stopped) train(task, null, 3, LegControls.stopAfter(stepsAnEpoch + 2));
        assertThat(stopped.state().epochs()).isEqualTo(1);
        assertSame(stopped.state(), afterOne.state());
        assertThat(((Stopped) train(task, null, 3, LegControls.stopAfter(2))).state())
                .isNull();
    }

    @Test
    void what_is_only_measured_is_as_it_was_and_gives_the_numbers_of_its_last_epoch() {
        TrainingTask task = task(distillation(), RECIPE);
        Finished whole = (Finished) train(task, null, 3, RUN);
        Finished measured = (Finished) measure(task, whole.state(), RUN);
        assertSame(measured.state(), whole.state());
        assertThat(measured.measured()).isEqualTo(whole.measured());

        Paused paused = (Paused) train(task, null, 1, RUN);
        Finished early = (Finished) measure(task, paused.state(), LegControls.stopAfter(0));
        assertSame(early.state(), paused.state());
        assertThat(early.measured()).isNotEqualTo(whole.measured());
    }

    @Test
    void every_epoch_is_told_of_with_those_before_it_as_it_is_completed() {
        TrainingTask task = task(distillation(), RECIPE);
        TrainingState one = ((Paused) train(task, null, 1, RUN)).state();
        List<List<EpochResult>> told = new ArrayList<>();
        Finished finished = (Finished) train(task, one, 3, LegControls.telling(told::add));
        assertThat(told)
                .containsExactly(
                        finished.state().history().subList(0, 2),
                        finished.state().history());
    }

    @Test
    void the_last_partial_batch_is_trained_on() {
        Finished finished = (Finished) train(task(distillation(), RECIPE), null, 3, RUN);
        // 180 images in batches of 48: 48 + 48 + 48 + 36
        assertThat(finished.state().steps()).isEqualTo(3 * 4);
        assertThat(finished.state().history())
                .allSatisfy(epoch -> assertThat(epoch.images()).isEqualTo(180));
    }

    @Test
    void trials_that_differ_in_their_weights_see_the_same_batches_from_the_same_start() {
        LossSettings none = LossSettings.of(new LossWeights(0, 1, 0));
        LossSettings focal = LossSettings.of(new LossWeights(0, 1, 1e-12));
        EpochResult a = ((Finished) train(task(none, RECIPE), null, 3, RUN))
                .state()
                .history()
                .get(0);
        EpochResult b = ((Finished) train(task(focal, RECIPE), null, 3, RUN))
                .state()
                .history()
                .get(0);
        assertThat(b.train().components().ce()).isCloseTo(a.train().components().ce(), within());
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.api.Assertions.within(1e-3);
    }

    @Test
    void learning_lowers_the_loss_and_beats_chance() {
        Recipe longer = new Recipe(8, 32, 0.05, 0.9, 5e-4, List.of(0.625), 0.1);
        Finished finished = (Finished) train(task(LossSettings.of(LossWeights.CROSS_ENTROPY), longer), null, 8, RUN);
        List<EpochResult> history = finished.state().history();
        assertThat(history.get(7).train().components().ce())
                .isLessThan(0.95 * history.get(0).train().components().ce());
        assertThat(finished.measured().evaluation().top5()).isGreaterThan(0.1);
    }

    @Test
    void a_far_too_large_learning_rate_ends_as_diverged_with_step_and_cause() {
        Recipe mad = new Recipe(3, 48, 1e18, 0.9, 5e-4, List.of(), 0.1);
        Diverged diverged = (Diverged) train(task(distillation(), mad), null, 3, RUN);
        assertThat(diverged.epoch()).isEqualTo(1);
        assertThat(diverged.step()).isBetween(2L, 4L);
        assertThat(diverged.what()).isIn("KL", "CE", "gradient");
    }

    /** Without held-out images nobody looks at the network between its last step and its checkpoint. */
    @Test
    void weights_that_overflow_in_the_last_step_of_a_leg_end_as_diverged() {
        Recipe oneStepAnEpoch = new Recipe(3, 200, 3e38, 0.9, 5e-4, List.of(), 0.1);
        LossSettings steep = LossSettings.of(new LossWeights(0, 1000, 0));
        TrainingTask all = new TrainingTask(Architecture.RESNET8.network(100), steep, oneStepAnEpoch, 0, 1, 1);
        Diverged diverged = (Diverged) train(all, null, 1, RUN);
        assertThat(diverged.what()).isEqualTo("weights");
        assertThat(diverged.epoch()).isEqualTo(1);
        assertThat(diverged.step()).isEqualTo(1);
        assertThat(diverged.history()).isEmpty();
    }

    @Test
    void a_network_whose_test_logits_overflow_ends_as_diverged() {
        Recipe oneStep = new Recipe(1, 200, 1e30, 0.9, 5e-4, List.of(), 0.1);
        LossSettings loss = LossSettings.of(LossWeights.CROSS_ENTROPY);
        TrainingTask all = new TrainingTask(Architecture.RESNET8.network(100), loss, oneStep, 0, 1, 1);
        Diverged diverged = (Diverged) train(all, null, 1, RUN);
        assertThat(diverged.what()).isEqualTo("evaluation logits");
        assertThat(diverged.epoch()).isEqualTo(1);
        assertThat(diverged.history()).hasSize(1);
    }

    @Test
    void a_form_that_is_not_a_focal_loss_may_go_negative_and_the_first_step_is_recorded() {
        LossSettings wrong =
                new LossSettings(new LossWeights(0, 1, 2), 4, KlDirection.TEACHER_STUDENT, FocalForm.LOST_MINUS, 2);
        Finished finished = (Finished) train(task(wrong, RECIPE), null, 3, RUN);
        assertThat(finished.state().firstNegativeStep()).isBetween(1L, 12L);
    }

    @Test
    void the_best_epochs_test_top1_is_of_the_best_epochs_weights() throws Exception {
        TrainingTask task = task(distillation(), RECIPE);
        TrainingState last = ((Paused) train(task, null, 2, RUN)).state();
        TrainingState first = ((Paused) train(task, null, 1, RUN)).state();
        Map<String, Tensor> onlyClassThree = new LinkedHashMap<>(first.tensors());
        onlyClassThree.computeIfPresent("fc.weight", (name, weight) -> new Tensor(weight.shape(), new float[6400]));
        float[] bias = new float[100];
        bias[3] = 1;
        onlyClassThree.put("fc.bias", new Tensor(new long[] {100}, bias));
        TrainingState constant = new TrainingState(
                last.history(),
                last.steps(),
                last.firstNegativeStep(),
                last.tensors(),
                last.velocities(),
                new TrainingState.Best(1, 1.0, onlyClassThree));

        Finished finished = (Finished) train(task, constant, 3, RUN);
        long ofClassThree = IntStream.range(0, DATA.test().size())
                .filter(image -> DATA.test().label(image) == 3)
                .count();
        assertThat(finished.state().best().epoch()).isEqualTo(1);
        assertThat(finished.measured().bestTestTop1()).isEqualTo(ofClassThree / 100.0);
        assertThat(ofClassThree / 100.0)
                .isNotEqualTo(finished.measured().evaluation().top1());
    }

    @Test
    void without_held_out_images_nothing_is_selected() {
        TrainingTask all = new TrainingTask(Architecture.RESNET8.network(100), distillation(), RECIPE, 0, 1, 1);
        Finished finished = (Finished) train(all, null, 3, RUN);
        assertThat(finished.state().best()).isNull();
        assertThat(finished.measured().calibration()).isNull();
        assertThat(finished.measured().bestTestTop1()).isNull();
    }

    @Test
    void distillation_without_a_teacher_is_refused() {
        TrainingTask task = task(distillation(), RECIPE);
        assertThatThrownBy(() -> TRAINER.train(task, DATA, null, null, 3, RUN))
                .hasMessageContaining("alpha is 0.1 but there is no teacher");
    }

    /** ND4J would write past the end of the optimiser's state. */
    @Test
    void a_state_with_a_velocity_that_is_too_long_is_refused() {
        TrainingTask task = task(distillation(), RECIPE);
        TrainingState state = ((Paused) train(task, null, 1, RUN)).state();
        Map<String, Tensor> velocities = new LinkedHashMap<>(state.velocities());
        velocities.put("fc.bias", new Tensor(new long[] {200}, new float[200]));
        TrainingState longer = new TrainingState(
                state.history(), state.steps(), state.firstNegativeStep(), state.tensors(), velocities, state.best());

        assertThatThrownBy(() -> train(task, longer, 2, RUN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot go on from this state: Cannot load the velocities of checkpoint of epoch 1: tensor"
                        + " fc.bias should have the shape [100], found [200]");
    }

    /** Three classes, red, green and blue. */
    @Test
    void larger_images_of_another_normalisation_are_learned_with_the_same_weights_and_others_refused() {
        ImageInput input = new ImageInput(64, new Normalisation(List.of(0.2, 0.3, 0.4), List.of(0.3, 0.3, 0.3)));
        Network network = Architecture.RESNET8.network(input, 3);
        assertThat(Safetensors.hash(NetworkTensors.initial(network, 1)))
                .isEqualTo(Safetensors.hash(NetworkTensors.initial(Architecture.RESNET8.network(3), 1)));
        ImageSet images = colours(64, 24);
        TrainingData data = new TrainingData(images, images);
        Recipe recipe = new Recipe(4, 8, 0.02, 0.9, 0, List.of(), 1);
        TrainingTask task = new TrainingTask(network, LossSettings.of(LossWeights.CROSS_ENTROPY), recipe, 0, 1, 1);
        Finished finished = (Finished) TRAINER.train(task, data, null, null, 4, RUN);
        assertThat(finished.measured().evaluation().top1()).isEqualTo(1);

        TrainingData smaller = new TrainingData(colours(32, 24), colours(32, 24));
        assertThatThrownBy(() -> TRAINER.train(task, smaller, null, null, 4, RUN))
                .hasRootCauseMessage("The network is for images of 64 rows, these have 32");
    }

    private static ImageSet colours(int side, int count) {
        byte[] pixels = new byte[count * ImageSet.bytesOf(side)];
        byte[] labels = new byte[count];
        Random random = new Random(1);
        for (int image = 0; image < count; image++) {
            labels[image] = (byte) (image % 3);
            for (int i = 0; i < ImageSet.bytesOf(side); i++) {
                int bright = i / (side * side) == labels[image] ? 150 : 50;
                pixels[image * ImageSet.bytesOf(side) + i] = (byte) (bright + random.nextInt(50));
            }
        }
        return new ImageSet(side, pixels, labels, new byte[count]);
    }

    private static LossSettings distillation() {
        return LossSettings.of(new LossWeights(0.1, 0.9, 0.01));
    }

    private static TrainingTask task(LossSettings loss, Recipe recipe) {
        return new TrainingTask(Architecture.RESNET8.network(100), loss, recipe, 20, 1, 1);
    }

    private static LegOutcome measure(TrainingTask task, TrainingState state, LegControl control) {
        return withTeacher(teacher -> TRAINER.measure(task, DATA, teacher, state, control));
    }

    private static LegOutcome train(TrainingTask task, TrainingState from, int toEpoch, LegControl control) {
        return withTeacher(teacher -> TRAINER.train(task, DATA, teacher, from, toEpoch, control));
    }

    private static LegOutcome withTeacher(Function<Teacher, LegOutcome> leg) {
        Network network = Architecture.RESNET8.network(100);
        try (Classifier classifier = classifier(network)) {
            return leg.apply(new OnlineTeacher(classifier, DATA, new OnlineTeacher.Sets()));
        }
    }

    private static Classifier classifier(Network network) {
        try {
            return ENGINE.classifier(network, NetworkTensors.initial(network, 99), "new");
        } catch (InvalidModelException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSame(TrainingState found, TrainingState expected) {
        assertSame(found.tensors(), expected.tensors());
        assertSame(found.velocities(), expected.velocities());
        assertThat(found.steps()).isEqualTo(expected.steps());
        assertThat(found.history()).hasSameSizeAs(expected.history());
        for (int i = 0; i < expected.history().size(); i++) {
            assertThat(found.history().get(i).train())
                    .isEqualTo(expected.history().get(i).train());
            assertThat(found.history().get(i).validation())
                    .isEqualTo(expected.history().get(i).validation());
        }
    }

    private static void assertSame(Map<String, Tensor> found, Map<String, Tensor> expected) {
        assertThat(Safetensors.hash(found)).isEqualTo(Safetensors.hash(expected));
    }
}
