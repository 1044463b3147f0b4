package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.focaldistill.cuda.driver.Card;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.CudaException;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.cuda.driver.StandIn;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.data.Views;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
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
import org.focaldistill.sweep.Schedule;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.testing.Closeness;
import org.focaldistill.train.BankTeacher;
import org.focaldistill.train.Checkpoint;
import org.focaldistill.train.Classifier;
import org.focaldistill.train.Engine;
import org.focaldistill.train.EpochResult;
import org.focaldistill.train.LegControls;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.OnlineTeacher;
import org.focaldistill.train.Student;
import org.focaldistill.train.Students;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingState;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.TrialTrainer.Finished;
import org.focaldistill.train.TrialTrainer.LegOutcome;
import org.focaldistill.train.TrialTrainer.Paused;
import org.focaldistill.train.TrialTrainer.Stopped;
import org.focaldistill.weights.Half;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings on the card that the stand-in is, beside those of the CPU's engine. */
class CardEngineTest {
    private static final int CLASSES = 100;
    private static final ImageDataSet IMAGES = GeneratedImages.generate(14, 6, 3);
    private static final TrainingData DATA = new TrainingData(IMAGES.train(), IMAGES.test());
    private static final LossSettings DISTILLATION = LossSettings.of(new LossWeights(0.5, 0.5, 0.1));
    private static final Dl4jEngine CPU = new Dl4jEngine();

    private static OpenCard opened;
    private static Engine card;

    @BeforeAll
    static void open() throws NoCardException {
        opened = OpenCard.of(StandIn.card(), 2);
        card = opened.engine("fp32");
    }

    @AfterAll
    static void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void its_logits_are_the_cpu_s(Architecture architecture) throws Exception {
        assertThat(furthestLogit(card, architecture)).isLessThan(1e-5);
    }

    /** From the CPU's logits, as a part of the largest of them. */
    private static double furthestLogit(Engine engine, Architecture architecture) throws Exception {
        Network network = architecture.network(CLASSES);
        Map<String, Tensor> tensors = NetworkTensors.initial(network, 5);
        int[] indices = {3, 0};
        try (Classifier ours = engine.classifier(network, tensors, "x");
                Classifier theirs = CPU.classifier(network, tensors, "x")) {
            double[] expected = theirs.logits(DATA.train(), indices, index -> Views.of(index, 7));
            double[] found = ours.logits(DATA.train(), indices, index -> Views.of(index, 7));
            assertThat(found).hasSameSizeAs(expected).doesNotContain(Double.NaN);
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            double furthest = IntStream.range(0, found.length)
                    .mapToDouble(i -> Math.abs(found[i] - expected[i]))
                    .max()
                    .orElseThrow();
            return furthest / largest;
        }
    }

    static Stream<Network> networks() {
        return Stream.of(Architecture.RESNET8.network(CLASSES), Branches.network());
    }

    /** Three steps, the last of which has half a batch. */
    @ParameterizedTest
    @MethodSource("networks")
    void a_training_is_the_cpu_s_to_float_s_precision(Network network) throws Exception {
        Recipe recipe = new Recipe(1, 4, 0.1, 0.9, 5e-4, List.of(), 0.1);
        assertSameTraining(new TrainingTask(network, DISTILLATION, recipe, 4, 1, 1), DATA);
    }

    @Test
    void so_is_one_on_images_of_another_size_and_normalisation_and_those_of_a_wrong_size_are_refused()
            throws Exception {
        Normalisation normalisation = new Normalisation(List.of(0.4, 0.5, 0.6), List.of(0.3, 0.2, 0.25));
        Recipe recipe = new Recipe(1, 4, 0.1, 0.9, 5e-4, List.of(), 0.1);
        TrainingTask task =
                new TrainingTask(Branches.network(new ImageInput(40, normalisation)), DISTILLATION, recipe, 4, 1, 1);
        byte[] pixels = new byte[14 * ImageSet.bytesOf(40)];
        new Random(5).nextBytes(pixels);
        byte[] labels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
        ImageSet images = new ImageSet(40, pixels, labels, new byte[14]);
        assertSameTraining(task, new TrainingData(images, images.first(6)));
        try (Student student = card.begin(task, DATA, null, LegControls.unstopped())) {
            assertThatThrownBy(() -> student.train(0, shares -> {}))
                    .hasMessage("The network is for images of 40 rows, these have 32");
        }
    }

    private static void assertSameTraining(TrainingTask task, TrainingData data) throws Exception {
        Finished ours = (Finished) train(card, task, null, 1, LegControls.unstopped(), data);
        Finished theirs = (Finished) train(CPU, task, null, 1, LegControls.unstopped(), data);
        assertThat(ours.state().steps()).isEqualTo(3);
        EpochResult found = ours.state().history().get(0);
        EpochResult expected = theirs.state().history().get(0);
        assertThat(found.train().total()).isCloseTo(expected.train().total(), within(1e-4));
        assertThat(found.gradNorm()).isCloseTo(expected.gradNorm(), within(1e-3 * expected.gradNorm()));
        assertClose(ours.state().tensors(), theirs.state().tensors());
        assertClose(ours.state().velocities(), theirs.state().velocities());
    }

    /** Correlations and calibration need the whole batch, alpha has half of its size in the first epoch. */
    @Test
    void a_loss_of_many_terms_that_changes_from_epoch_to_epoch_is_the_cpu_s() throws Exception {
        LossSettings loss = new LossSettings(
                        new LossWeights(0.5, 0.5, 0.1), 2, KlDirection.STUDENT_TEACHER, FocalForm.DUAL, 3)
                .withLabelSmoothing(0.1)
                .withCalibrationWeight(0.5)
                .withDistillation(new Distillation(DistillationForm.DIST, Map.of("beta", 1.0, "gamma", 2.0), 2, 0));
        Recipe recipe = new Recipe(2, 4, 0.05, 0.9, 5e-4, List.of(), 1, Schedule.COSINE, 1);
        TrainingTask task = new TrainingTask(Branches.network(), loss, recipe, 4, 1, 1);
        Finished ours = (Finished) train(card, task, null, 2);
        Finished theirs = (Finished) train(CPU, task, null, 2);
        assertClose(ours.state().tensors(), theirs.state().tensors());
        for (int epoch = 0; epoch < 2; epoch++) {
            for (Finished finished : List.of(ours, theirs)) {
                SplitLoss train = finished.state().history().get(epoch).train();
                assertThat(train.total()).isCloseTo(train.components().total(loss.at(epoch)), within(1e-5));
                assertThat(train.components().calibration()).isPositive();
            }
        }
        assertThat(ours.state().history().get(1).train().components().distillation())
                .isCloseTo(theirs.state().history().get(1).train().components().distillation(), within(1e-3));
        assertThat(ours.measured().loss().total())
                .isCloseTo(ours.measured().loss().components().total(loss), within(1e-9));
    }

    private static Map<String, Tensor> withoutBiases(Map<String, Tensor> tensors) {
        return tensors.entrySet().stream()
                .filter(tensor -> !tensor.getKey().endsWith(".bias"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static void assertClose(Map<String, Tensor> found, Map<String, Tensor> expected) {
        assertClose(found, expected, 1e-3f);
    }

    private static void assertClose(Map<String, Tensor> found, Map<String, Tensor> expected, float precision) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, tensor) -> {
            float largest = 0;
            for (float value : tensor.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            Closeness.assertClose(
                    name, found.get(name).values(), tensor.values(), precision * Math.max(largest, 1e-2f));
        });
    }

    @Test
    void legs_through_a_checkpoint_give_the_same_bits() throws Exception {
        TrainingTask task = task(0.05);
        Finished whole = (Finished) train(card, task, null, 3);
        Paused paused = (Paused) train(card, task, null, 1);
        Computation computation = new Computation("cuda", "fp32");
        byte[] file = Checkpoint.write(paused.state(), computation, Map.of()).toBytes();
        TrainingState read = Checkpoint.read(Safetensors.parse(file, "test"), "test", computation);
        Finished resumed = (Finished) train(card, task, read, 3);
        assertThat(Safetensors.hash(resumed.state().tensors()))
                .isEqualTo(Safetensors.hash(whole.state().tensors()));
        assertThat(resumed.measured()).isEqualTo(whole.measured());
    }

    /** One of them is stopped on its way, and one has another network. */
    @Test
    void students_side_by_side_have_the_bits_that_they_have_alone() throws Exception {
        List<TrainingTask> tasks = List.of(task(0.05), task(0.01), task(0.2), resnet8());
        List<String> alone = new ArrayList<>();
        for (TrainingTask task : tasks) {
            alone.add(hash(train(card, task, null, 3)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size() + 1);
        try {
            Future<LegOutcome> stopped =
                    threads.submit(() -> train(card, task(0.05), null, 3, LegControls.stopAfter(2)));
            List<Future<String>> together = new ArrayList<>();
            for (TrainingTask task : tasks) {
                together.add(threads.submit(() -> hash(train(card, task, null, 3))));
            }
            for (int i = 0; i < tasks.size(); i++) {
                assertThat(together.get(i).get()).as("student " + i).isEqualTo(alone.get(i));
            }
            assertThat(stopped.get()).isInstanceOf(Stopped.class);
        } finally {
            threads.shutdownNow();
        }
    }

    private static TrainingTask resnet8() {
        Recipe recipe = new Recipe(3, 4, 0.05, 0.9, 5e-4, List.of(), 0.1);
        return new TrainingTask(Architecture.RESNET8.network(CLASSES), DISTILLATION, recipe, 10, 1, 1);
    }

    private static String hash(LegOutcome outcome) {
        return Safetensors.hash(((Finished) outcome).state().tensors());
    }

    /** Factors of 11 bits: about 5e-4 a product, less in a sum. */
    @Test
    void in_tf32_logits_and_a_training_are_near_those_of_fp32_and_not_the_same() throws Exception {
        Engine tf32 = opened.engine("tf32");
        assertThat(furthestLogit(tf32, Architecture.RESNET8)).isBetween(1e-6, 2e-3);
        TrainingTask task = new TrainingTask(
                Branches.network(), DISTILLATION, new Recipe(1, 4, 0.1, 0.9, 5e-4, List.of(), 0.1), 4, 1, 1);
        EpochResult found =
                ((Finished) train(tf32, task, null, 1)).state().history().get(0);
        EpochResult expected =
                ((Finished) train(CPU, task, null, 1)).state().history().get(0);
        assertThat(found.train().total()).isCloseTo(expected.train().total(), within(2e-2));
        assertThat(found.train().total()).isNotEqualTo(expected.train().total());
        assertThat(found.gradNorm()).isCloseTo(expected.gradNorm(), within(2e-2 * expected.gradNorm()));
    }

    /** Factors and maps of 8 bits: about 4e-3 a value. */
    @Test
    void in_bf16_logits_and_a_training_are_near_those_of_fp32_in_half_the_memory_for_maps() throws Exception {
        Engine bf16 = opened.engine("bf16");
        for (Architecture architecture : List.of(Architecture.RESNET8, Architecture.SHUFFLE_V1)) {
            double furthest = furthestLogit(bf16, architecture);
            assertThat(furthest).isBetween(1e-4, 1e-2);
        }
        TrainingTask task = new TrainingTask(
                Branches.network(), DISTILLATION, new Recipe(1, 4, 0.1, 0.9, 5e-4, List.of(), 0.1), 4, 1, 1);
        TrainingState ours = ((Finished) train(bf16, task, null, 1)).state();
        TrainingState theirs = ((Finished) train(CPU, task, null, 1)).state();
        // Biases are hardly more yet than their first steps' roundings.
        assertClose(withoutBiases(ours.tensors()), withoutBiases(theirs.tensors()), 3e-2f);
        EpochResult found = ours.history().get(0);
        EpochResult expected = theirs.history().get(0);
        assertThat(found.train().total()).isCloseTo(expected.train().total(), within(2e-2));
        assertThat(found.train().total()).isNotEqualTo(expected.train().total());
        assertThat(found.gradNorm()).isCloseTo(expected.gradNorm(), within(5e-2 * expected.gradNorm()));
        Network resnet20 = Architecture.RESNET20.network(CLASSES);
        long ofTf32 = CardNeeds.ofStudent(resnet20, 64, 64, "tf32");
        assertThat(CardNeeds.ofStudent(resnet20, 64, 64, "bf16")).isBetween(ofTf32 / 2, ofTf32 * 6 / 10);
    }

    /** Where that is depends on how far floats go, so it is not always the CPU's step. */
    @Test
    void a_training_that_stops_being_finite_ends_at_a_step_with_its_component_and_the_weights_before_it() {
        List<Double> losses = new ArrayList<>();
        try (Student student = card.begin(task(1e30), DATA, teacher(DATA), LegControls.unstopped())) {
            assertThatThrownBy(() -> student.train(
                            0, shares -> losses.add(shares.get(0).step().total())))
                    .isInstanceOf(NotFiniteException.class)
                    .hasMessageMatching("(KL|CE|gradient) is not finite");
            assertThat(losses)
                    .hasSizeBetween(1, 2)
                    .allSatisfy(loss -> assertThat(loss).isFinite());
            student.tensors().forEach((name, tensor) -> {
                if (!name.contains("running")) {
                    assertThat(tensor.values()).as(name).doesNotContain(Float.NaN, Float.POSITIVE_INFINITY);
                }
            });
        }
    }

    /** Some of what a student needs fits each time. */
    @Test
    void a_student_that_does_not_fit_leaves_nothing_on_the_card() throws Exception {
        TrainingTask task = task(0.05);
        try (Card full = StandIn.card()) {
            long before = full.freeMemory();
            long needed;
            try (Student student = card.begin(task, DATA, null, LegControls.unstopped())) {
                assertThat(student.classes()).isEqualTo(CLASSES);
                needed = before - full.freeMemory();
            }
            for (long room : List.of(1L, needed / 2, needed - 1)) {
                try (CardMemory taken = full.allocate(before - room)) {
                    assertThatThrownBy(() -> card.begin(task, DATA, null, LegControls.unstopped()))
                            .isInstanceOfSatisfying(
                                    CudaException.class,
                                    e -> assertThat(e.isOutOfMemory()).isTrue())
                            .hasMessageContaining("fewer trials at a time need less");
                    assertThat(full.freeMemory()).isEqualTo(before - taken.bytes());
                }
            }
            try (CardMemory taken = full.allocate(before - needed)) {
                assertThatThrownBy(() -> train(card, task, null, 1)).hasMessageContaining("could not allocate");
                assertThat(full.freeMemory()).isEqualTo(before - taken.bytes());
            }
            assertThat(full.freeMemory()).isEqualTo(before);
        }
    }

    @Test
    void where_the_card_has_room_for_one_the_next_student_waits_for_it() throws Exception {
        TrainingTask task = task(0.05);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Card full = StandIn.card()) {
            long before = full.freeMemory();
            Student first = card.begin(task, DATA, null, LegControls.unstopped());
            long needed = before - full.freeMemory();
            try (CardMemory taken = full.allocate(before - needed - needed / 2)) {
                assertThat(taken.bytes()).isPositive();
                Future<Integer> second = threads.submit(() -> {
                    try (Student student = card.begin(task, DATA, null, LegControls.unstopped())) {
                        return student.classes();
                    }
                });
                assertThatThrownBy(() -> second.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
                first.close();
                assertThat(second.get()).isEqualTo(CLASSES);
            } finally {
                first.close();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Another page each epoch, of which the training shuffles the images and leaves out those that are held out. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_training_from_a_bank_s_pages_is_the_cpu_s(boolean half) throws Exception {
        Recipe recipe = new Recipe(2, 4, 0.05, 0.9, 5e-4, List.of(), 1);
        TrainingTask task = new TrainingTask(Branches.network(), DISTILLATION, recipe, 4, 1, 1);
        Finished ours = (Finished)
                new TrialTrainer(card).train(task, DATA, teacher(DATA, 200, half), null, 2, LegControls.unstopped());
        Finished theirs = (Finished)
                new TrialTrainer(CPU).train(task, DATA, teacher(DATA, 200, half), null, 2, LegControls.unstopped());
        assertClose(ours.state().tensors(), theirs.state().tensors());
        for (int epoch = 0; epoch < 2; epoch++) {
            SplitLoss found = ours.state().history().get(epoch).train();
            SplitLoss expected = theirs.state().history().get(epoch).train();
            assertThat(found.components().distillation())
                    .isPositive()
                    .isCloseTo(
                            expected.components().distillation(),
                            within(1e-5 * expected.components().distillation()));
        }
    }

    private static Teacher teacher(TrainingData data) {
        return teacher(data, 0, true);
    }

    /** Of random logits, other ones for each set of images. */
    private static Teacher teacher(TrainingData data, double deviation, boolean half) {
        return new BankTeacher(
                set -> {
                    Random random = new Random(set.name().hashCode());
                    float[] logits = new float[set.size() * CLASSES];
                    for (int i = 0; i < logits.length; i++) {
                        float logit = (float) (deviation * random.nextGaussian());
                        logits[i] = half ? Half.toFloat(Half.of(logit)) : logit;
                    }
                    return new Tensor(new long[] {set.size(), CLASSES}, logits);
                },
                half,
                data.train().size(),
                new ViewedImages.HeldOut(1, data.train().size(), 4),
                new ViewedImages.Test(data.test().size()));
    }

    @Test
    void labels_beyond_the_classes_are_refused() {
        TrainingTask task = new TrainingTask(
                Architecture.RESNET8.network(10),
                LossSettings.of(LossWeights.CROSS_ENTROPY),
                new Recipe(1, 4, 0.1, 0.9, 0, List.of(), 1),
                0,
                1,
                1);
        assertThatThrownBy(() -> card.begin(task, DATA, null, LegControls.stopAfter(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("Label [0-9]+ is not one of 10 classes");
    }

    @Test
    void asked_to_stop_it_leaves_its_last_whole_epoch() throws Exception {
        Stopped stopped = (Stopped) train(card, task(0.05), null, 3, LegControls.stopAfter(1));
        Paused paused = (Paused) train(card, task(0.05), null, 1);
        assertThat(Safetensors.hash(stopped.state().tensors()))
                .isEqualTo(Safetensors.hash(paused.state().tensors()));
    }

    private static TrainingTask task(double learningRate) {
        Recipe recipe = new Recipe(3, 4, learningRate, 0.9, 5e-4, List.of(0.5), 0.1);
        return new TrainingTask(Branches.network(), DISTILLATION, recipe, 4, 1, 1);
    }

    private static LegOutcome train(Students engine, TrainingTask task, TrainingState from, int toEpoch)
            throws Exception {
        return train(engine, task, from, toEpoch, LegControls.unstopped());
    }

    private static LegOutcome train(
            Students engine, TrainingTask task, TrainingState from, int toEpoch, TrialTrainer.LegControl control)
            throws Exception {
        return train(engine, task, from, toEpoch, control, DATA);
    }

    private static LegOutcome train(
            Students engine,
            TrainingTask task,
            TrainingState from,
            int toEpoch,
            TrialTrainer.LegControl control,
            TrainingData data)
            throws Exception {
        Map<String, Tensor> tensors = NetworkTensors.initial(task.network(), 99);
        try (Classifier network = CPU.classifier(task.network(), tensors, "teacher")) {
            OnlineTeacher teacher = new OnlineTeacher(network, data, new OnlineTeacher.Sets());
            return new TrialTrainer(engine).train(task, data, teacher, from, toEpoch, control);
        }
    }
}
