package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.focaldistill.cuda.driver.CardMemory;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.loss.Distillation;
import org.focaldistill.loss.DistillationForm;
import org.focaldistill.loss.DistillationLoss;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossComponents;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The card's loss beside the one in double precision. */
class LossKernelsTest {
    private static final int BATCH = 6;

    private static CardFixture fixture;
    private static LossKernels kernels;

    @BeforeAll
    static void open() throws NoCardException {
        fixture = new CardFixture();
        kernels = new LossKernels(fixture.card);
    }

    @AfterAll
    static void close() {
        if (kernels != null) {
            kernels.close();
            fixture.close();
        }
    }

    /** What is computed of one student's batch. */
    private record Batch(int classes, float[] logits, float[] teacher, int[] labels) {
        static Batch random(long seed, int images, int classes, double spread) {
            Random random = new Random(seed);
            Batch batch = new Batch(classes, new float[images * classes], new float[images * classes], new int[images]);
            for (int i = 0; i < images * classes; i++) {
                batch.logits[i] = (float) (spread * random.nextGaussian());
                batch.teacher[i] = (float) (spread * random.nextGaussian());
            }
            Arrays.setAll(batch.labels, image -> random.nextInt(classes));
            return batch;
        }

        Result expected(LossSettings loss, boolean withTeacher) {
            double[] gradient = new double[logits.length];
            LossComponents components = new DistillationLoss(loss)
                    .evaluate(doubles(logits), withTeacher ? doubles(teacher) : null, labels, gradient);
            return new Result(
                    components.kl(),
                    components.ce(),
                    components.focal(),
                    components.uniformCe(),
                    components.distillation(),
                    components.calibration(),
                    gradient);
        }
    }

    private record Result(
            double kl,
            double ce,
            double focal,
            double uniformCe,
            double distillation,
            double calibration,
            double[] gradient) {}

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    /** Several students' batches at once, at step 1 of an epoch that ends in it. */
    private static List<Result> compute(int batchSize, LossSettings loss, boolean withTeacher, Batch... batches) {
        int classes = batches[0].classes;
        long row = (long) batchSize * classes * Float.BYTES;
        LossKernels.Tensors at = new LossKernels.Tensors(
                Head.BYTES,
                Head.BYTES + row,
                Head.BYTES + 2 * row,
                Head.BYTES + 2 * row + batchSize * 4L,
                Head.BYTES + 3 * row + batchSize * 4L,
                Head.BYTES + 3 * row + batchSize * 4L * (1 + LossKernels.SUMS),
                Head.BYTES + 3 * row + batchSize * 4L * (1 + LossKernels.SUMS) + classes * 4L * LossKernels.SUMS,
                Head.BYTES
                        + 3 * row
                        + batchSize * 4L * (1 + LossKernels.SUMS + LossKernels.COMPONENTS)
                        + classes * 4L * LossKernels.SUMS);
        List<CardMemory> memories = new ArrayList<>();
        for (Batch batch : batches) {
            CardMemory memory = fixture.card.allocate(at.log() + 2 * Float.BYTES * Program.LOGGED);
            memories.add(memory);
            Head.Epoch epoch = new Head.Epoch(
                    0, 0, new Head.Taught(withTeacher ? 1 : 0, 0), batchSize + batch.labels.length, batchSize, 1);
            Head head = new Head(new Head.Images(0, 0), epoch, loss, new Head.Update(0, 0, 0));
            fixture.stream.upload(head.bytes(), memory, 0);
            fixture.stream.upload(batch.logits, memory, at.logits());
            fixture.stream.upload(batch.teacher, memory, at.teacher());
            fixture.stream.upload(batch.labels, memory, at.classOf());
        }
        List<Result> results = new ArrayList<>();
        try (Arenas arenas = new Arenas(fixture.card, fixture.stream, memories.toArray(CardMemory[]::new))) {
            kernels.launch(fixture.stream, arenas, at, batchSize, classes);
            for (int i = 0; i < batches.length; i++) {
                float[] means = fixture.stream.floats(
                        memories.get(i), at.log() + Float.BYTES * Program.LOGGED, LossKernels.COMPONENTS);
                float[] gradient = fixture.stream.floats(memories.get(i), at.gradient(), batches[i].logits.length);
                results.add(new Result(means[0], means[1], means[2], means[3], means[4], means[5], doubles(gradient)));
            }
        }
        memories.forEach(CardMemory::close);
        return results;
    }

    static Stream<LossSettings> settings() {
        List<LossSettings> all = new ArrayList<>();
        for (KlDirection direction : KlDirection.values()) {
            for (FocalForm form : FocalForm.values()) {
                for (double temperature : new double[] {0.5, 1, 4, 100}) {
                    all.add(new LossSettings(new LossWeights(0.3, 0.7, 0.5), temperature, direction, form, 2));
                }
                all.add(new LossSettings(new LossWeights(0, 1, 2), 4, direction, form, 0.5));
                all.add(new LossSettings(new LossWeights(0.1, 0.9, 0.5), 4, direction, form, 2)
                        .withLabelSmoothing(0.2));
                all.add(new LossSettings(new LossWeights(1, 0, 0), 4, direction, form, 0));
            }
        }
        for (DistillationForm form : DistillationForm.values()) {
            LossSettings loss =
                    new LossSettings(new LossWeights(0.6, 0.4, 0.1), 4, KlDirection.TEACHER_STUDENT, FocalForm.DUAL, 3);
            all.add(loss.withDistillation(Distillation.of(form)));
            all.add(loss.withDistillation(Distillation.of(form)).withCalibrationWeight(5));
        }
        all.add(LossSettings.of(new LossWeights(0, 1, 0)).withCalibrationWeight(2));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void each_form_and_direction_is_the_oracle_s_to_float_s_precision(LossSettings loss) {
        for (int classes : new int[] {2, 10, 100, 133}) {
            for (double spread : new double[] {0.01, 1, 5}) {
                Batch batch = Batch.random(classes, BATCH, classes, spread);
                // Correlations of what hardly varies lose digits to the means that are taken off.
                boolean flat = spread < 1 && loss.distillation().form() == DistillationForm.DIST;
                assertClose(compute(BATCH, loss, true, batch).get(0), batch.expected(loss, true), flat ? 3e-4 : 2e-5);
            }
        }
    }

    private static void assertClose(Result found, Result expected, double tolerance) {
        assertRelative("KL", found.kl, expected.kl, tolerance);
        assertRelative("CE", found.ce, expected.ce, tolerance);
        assertRelative("focal", found.focal, expected.focal, tolerance);
        assertRelative("uniform CE", found.uniformCe, expected.uniformCe, tolerance);
        assertRelative("distillation", found.distillation, expected.distillation, tolerance);
        if (Double.isNaN(expected.calibration)) {
            assertThat(found.calibration).isNaN();
        } else {
            assertRelative("calibration", found.calibration, expected.calibration, tolerance);
        }
        double largest = Arrays.stream(expected.gradient).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < expected.gradient.length; i++) {
            assertThat(Math.abs(found.gradient[i] - expected.gradient[i]))
                    .as("gradient %d: %s instead of %s", i, found.gradient[i], expected.gradient[i])
                    // Logarithms of probabilities' ratios are some 20 here, of which float keeps 2e-6.
                    .isLessThanOrEqualTo(tolerance * largest + 2e-6);
        }
    }

    private static void assertRelative(String what, double found, double expected, double tolerance) {
        assertThat(Math.abs(found - expected))
                .as("%s: %s instead of %s", what, found, expected)
                .isLessThanOrEqualTo(tolerance * Math.max(Math.abs(expected), 1e-3));
    }

    @Test
    void without_a_teacher_its_component_is_not_a_number_and_the_gradient_is_that_of_the_rest() {
        LossSettings loss = LossSettings.of(new LossWeights(0, 0.9, 0.1));
        Batch batch = Batch.random(1, BATCH, 100, 2);
        Result found = compute(BATCH, loss, false, batch).get(0);
        Result expected = batch.expected(loss, false);
        assertThat(found.kl).isNaN();
        assertClose(zeroKl(found), zeroKl(expected), 2e-5);
    }

    private static Result zeroKl(Result result) {
        return new Result(0, result.ce, result.focal, result.uniformCe, 0, result.calibration, result.gradient);
    }

    @Test
    void logits_far_apart_give_no_nonsense() {
        Batch sure = new Batch(
                3,
                new float[] {400, -300, 0, 0, 90, -90, 30, 0, 0},
                new float[] {-300, 400, 0, 0, -90, 90, 30, 0, 0},
                new int[] {0, 2, 1});
        for (KlDirection direction : KlDirection.values()) {
            LossSettings loss = new LossSettings(new LossWeights(0.5, 0.5, 0.1), 1, direction, FocalForm.FIXED, 2);
            assertClose(compute(3, loss, true, sure).get(0), sure.expected(loss, true), 2e-5);
        }
    }

    /** Half the mean squared difference of the centred logits, which the divergence tends to. */
    @Test
    void at_a_very_large_temperature_no_digits_are_lost() {
        Batch batch = Batch.random(3, BATCH, 100, 3);
        double limit = 0;
        for (int image = 0; image < BATCH; image++) {
            double[] differences = new double[100];
            for (int k = 0; k < 100; k++) {
                differences[k] = (double) batch.teacher[image * 100 + k] - batch.logits[image * 100 + k];
            }
            double mean = Arrays.stream(differences).average().orElseThrow();
            limit +=
                    Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum() / 100 / 2 / BATCH;
        }
        for (double temperature : new double[] {1e5, 1e7, 1e9}) {
            LossSettings loss = new LossSettings(
                    new LossWeights(1, 0, 0), temperature, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2);
            assertRelative("KL", compute(BATCH, loss, true, batch).get(0).kl, limit, 1e-4);
        }
    }

    @Test
    void a_short_last_batch_counts_its_images_alone() {
        LossSettings loss = LossSettings.of(new LossWeights(0.5, 0.5, 0.1));
        Batch three = Batch.random(4, 3, 100, 2);
        assertClose(compute(BATCH, loss, true, three).get(0), three.expected(loss, true), 2e-5);
    }

    @Test
    void a_student_s_numbers_are_the_same_bits_whoever_is_beside_it() {
        LossSettings loss = LossSettings.of(new LossWeights(0.5, 0.5, 0.1))
                .withDistillation(Distillation.of(DistillationForm.DIST))
                .withCalibrationWeight(1);
        Batch[] batches = new Batch[5];
        Arrays.setAll(batches, i -> Batch.random(i, i == 2 ? 4 : BATCH, 100, 2));
        List<Result> together = compute(BATCH, loss, true, batches);
        for (int i = 0; i < batches.length; i++) {
            Result alone = compute(BATCH, loss, true, batches[i]).get(0);
            assertThat(together.get(i)).usingRecursiveComparison().isEqualTo(alone);
        }
    }
}
