package org.focaldistill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageDataSet;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.data.Views;
import org.focaldistill.loss.DistillationLoss;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.weights.InvalidModelException;
import org.focaldistill.weights.LogitsFile;
import org.focaldistill.weights.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BankTeacherTest {
    private static final int CLASSES = 100;
    private static final ImageDataSet IMAGES = GeneratedImages.generate(60, 20, 3);
    private static final TrainingData DATA = new TrainingData(IMAGES.train(), IMAGES.test());
    private static final ViewedImages.HeldOut HELD_OUT = new ViewedImages.HeldOut(1, 60, 8);
    private static final ViewedImages.Test TEST = new ViewedImages.Test(20);

    private static Classifier teacher;
    private static OnlineTeacher online;

    @BeforeAll
    static void makeATeacher() {
        teacher = network(5);
        online = new OnlineTeacher(teacher, DATA, new OnlineTeacher.Sets());
    }

    private static Classifier network(long seed) {
        return PooledRegression.classifier(CLASSES, DATA, seed);
    }

    @AfterAll
    static void close() {
        teacher.close();
    }

    private static BankTeacher bank(boolean half) {
        Map<ViewedImages, Tensor> pages = new HashMap<>();
        return new BankTeacher(
                set -> pages.computeIfAbsent(
                        set, wanted -> stored(TeacherLogits.of(teacher, DATA, wanted, () -> false), half)),
                half,
                60,
                HELD_OUT,
                TEST);
    }

    private static Tensor stored(Tensor logits, boolean half) {
        try {
            return LogitsFile.parse(new LogitsFile(logits, Map.of()).toBytes(half), "x")
                    .logits();
        } catch (InvalidModelException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void every_image_in_every_view_has_the_running_teachers_logits() {
        BankTeacher bank = bank(false);
        int[] reversed = IntStream.range(0, 60).map(i -> 59 - i).toArray();
        for (int position = 0; position < Views.COUNT; position++) {
            double[] running = online.training(reversed, position);
            double[] stored = bank.training(reversed, position);
            assertThat(stored).as("position %d", position).hasSameSizeAs(running);
            for (int i = 0; i < stored.length; i++) {
                assertThat(stored[i]).isCloseTo(running[i], within(1e-5));
            }
        }
    }

    @Test
    void images_that_measure_have_the_running_teachers_logits() {
        BankTeacher bank = bank(false);
        assertThat(bank.test()).containsExactly(online.test(), within(1e-6));
        int[] heldOut = HELD_OUT.indices();
        assertThat(bank.centre(heldOut)).containsExactly(online.centre(heldOut), within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"false, 1e-5", "true, 1e-3"})
    void the_loss_of_a_batch_is_the_running_teachers(boolean half, double tolerance) throws InvalidModelException {
        BankTeacher bank = bank(half);
        DistillationLoss loss = new DistillationLoss(LossSettings.of(new LossWeights(0.5, 0.5, 0.01)));
        try (Classifier student = network(9)) {
            for (int position = 0; position < 20; position++) {
                int[] indices = IntStream.range(0, 20).map(i -> 3 * i).toArray();
                int at = position;
                double[] logits = student.logits(DATA.train(), indices, image -> Views.of(image, at));
                int[] labels = Logits.labels(DATA.train(), indices);
                double running = loss.evaluate(logits, online.training(indices, position), labels, null)
                        .total(loss.settings().weights());
                double stored = loss.evaluate(logits, bank.training(indices, position), labels, null)
                        .total(loss.settings().weights());
                assertThat(stored).isCloseTo(running, within(tolerance * Math.abs(running)));
            }
        }
    }

    @Test
    void held_out_images_of_another_seed_are_refused() {
        int[] others = new ViewedImages.HeldOut(2, 60, 8).indices();
        assertThatThrownBy(() -> bank(false).centre(others)).hasMessageContaining("train-60-held-out-8-seed-1");
    }

    @Test
    void a_cancelled_run_of_the_teacher_ends_before_its_next_batch() {
        assertThatThrownBy(() -> TeacherLogits.of(teacher, DATA, TEST, () -> true))
                .isInstanceOf(CancellationException.class);
    }
}
