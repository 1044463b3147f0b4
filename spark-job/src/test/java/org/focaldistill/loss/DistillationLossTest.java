package org.focaldistill.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.focaldistill.testing.ReferenceLoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistillationLossTest {
    private static final LossWeights ALL = new LossWeights(0.1, 0.9, 0.3);

    @ParameterizedTest
    @CsvSource({"1, focal exponent 1:", "2, focal exponent 2:", "3, focal exponent 3:"})
    void focal_terms_are_those_of_the_reference(double exponent, String line) {
        ReferenceLoss reference = ReferenceLoss.read();
        LossSettings settings =
                new LossSettings(ALL, ReferenceLoss.T, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, exponent);
        LossComponents found = new DistillationLoss(settings)
                .evaluate(reference.student(), reference.teacher(), reference.labels(), null);
        assertThat(found.focal()).isCloseTo(reference.number(line), within(1e-10));
        assertThat(found.ce()).isCloseTo(reference.number("CE"), within(1e-10));
    }

    @ParameterizedTest
    @CsvSource({"TEACHER_STUDENT, KL(teacher||student)", "STUDENT_TEACHER, KL(student||teacher)"})
    void divergences_are_those_of_the_reference_times_the_squared_temperature(KlDirection direction, String line) {
        ReferenceLoss reference = ReferenceLoss.read();
        LossSettings settings = new LossSettings(ALL, ReferenceLoss.T, direction, FocalForm.FIXED, 2);
        LossComponents found = new DistillationLoss(settings)
                .evaluate(reference.student(), reference.teacher(), reference.labels(), null);
        assertThat(found.kl() / 16).isCloseTo(reference.number(line + " at T=4, no T^2"), within(1e-10));
    }

    @Test
    void total_and_gradient_are_those_of_the_reference() {
        ReferenceLoss reference = ReferenceLoss.read();
        double[] gradient = new double[reference.student().length];
        LossComponents found = new DistillationLoss(ReferenceLoss.SETTINGS)
                .evaluate(reference.student(), reference.teacher(), reference.labels(), gradient);
        assertThat(found.total(ReferenceLoss.SETTINGS.weights())).isCloseTo(reference.total(), within(1e-10));
        assertThat(Arrays.copyOf(gradient, 5)).containsExactly(reference.firstSlopes(), within(1e-10));
        assertThat(gradient[7]).isCloseTo(reference.slopeOfFirstLabel(), within(1e-10));
        assertThat(DoubleStream.of(gradient).map(Math::abs).sum()).isCloseTo(reference.absoluteSlopes(), within(1e-10));
    }

    /** The reference's gradient has both terms of the other tests, so its size alone tells a lost T or T squared. */
    static Stream<LossSettings> allSettings() {
        Stream<LossSettings> smoothed = Stream.of(0.1, 0.9)
                .map(smoothing -> new LossSettings(ALL, 4, KlDirection.TEACHER_STUDENT, FocalForm.ENTROPY_BOUND, 1)
                        .withLabelSmoothing(smoothing));
        Stream<LossSettings> sharp = Stream.of(FocalForm.values())
                .flatMap(form -> Stream.of(KlDirection.values())
                        .flatMap(direction -> DoubleStream.of(0, 0.5, 1, 2, 5)
                                .boxed()
                                .flatMap(exponent -> Stream.of(1.0, 4.0)
                                        .map(t -> new LossSettings(ALL, t, direction, form, exponent)))));
        return Stream.of(smoothed, sharp, otherForms()).flatMap(each -> each);
    }

    private static Stream<LossSettings> otherForms() {
        List<LossSettings> all = new ArrayList<>();
        for (KlDirection direction : KlDirection.values()) {
            for (DistillationForm form : DistillationForm.values()) {
                LossSettings loss = new LossSettings(ALL, 2, direction, FocalForm.DUAL, 3);
                Map<String, Double> unusual = new TreeMap<>(form.defaults());
                unusual.replaceAll((name, usual) -> usual / 2 + 0.25);
                all.add(loss.withDistillation(Distillation.of(form)));
                all.add(loss.withDistillation(new Distillation(form, unusual, 0, 0))
                        .withCalibrationWeight(3));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("allSettings")
    void gradients_are_those_of_finite_differences(LossSettings settings) {
        double[] student = {1.5, -0.3, 0.2, -1, /**/ 0.1, 0.4, -2, 3, /**/ -1, 2.5, 0.3, 0.2};
        double[] teacher = {0.5, 1.3, -0.2, 0, /**/ 2.1, -0.4, 1, 2, /**/ 1, 0.5, -3, 0.7};
        // True-class probabilities .66, .05, .08: away from .2, where FLSD-53 jumps.
        int[] labels = {0, 1, 2};
        DistillationLoss loss = new DistillationLoss(settings);
        double[] gradient = new double[student.length];
        LossComponents unused = loss.evaluate(student, teacher, labels, gradient);

        double[] differences = new double[student.length];
        double h = 1e-5;
        for (int i = 0; i < student.length; i++) {
            double[] up = student.clone();
            double[] down = student.clone();
            up[i] += h;
            down[i] -= h;
            differences[i] = (loss.evaluate(up, teacher, labels, null).total(settings)
                            - loss.evaluate(down, teacher, labels, null).total(settings))
                    / (2 * h);
        }
        assertThat(gradient).containsExactly(differences, within(1e-8));
    }

    /** By the definition: each class's share of the label times its surprise. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 0.99})
    void smoothed_labels_are_the_cross_entropy_with_a_mixture_of_the_label_and_all_classes(double smoothing) {
        double[] logits = {2, -1, 0.5, 0};
        double sum = DoubleStream.of(logits).map(Math::exp).sum();
        double expected = 0;
        for (int k = 0; k < 4; k++) {
            double share = (k == 2 ? 1 - smoothing : 0) + smoothing / 4;
            expected -= share * Math.log(Math.exp(logits[k]) / sum);
        }
        LossSettings settings = new LossSettings(
                        new LossWeights(0, 0.5, 0), 4, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2)
                .withLabelSmoothing(smoothing);
        double[] gradient = new double[4];
        LossComponents found = new DistillationLoss(settings).evaluate(logits, null, new int[] {2}, gradient);
        assertThat(found.ofLabels(smoothing)).isCloseTo(expected, within(1e-12));
        assertThat(found.total(settings)).isCloseTo(expected / 2, within(1e-12));
        assertThat(gradient[2])
                .isCloseTo((Math.exp(logits[2]) / sum - (1 - smoothing) - smoothing / 4) / 2, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"0.19999, 5", "0.20001, 3", "0.9, 3", "0.001, 5"})
    void flsd53_takes_exponent_5_below_a_fifth_and_3_above(double p, double exponent) {
        LossSettings settings =
                new LossSettings(new LossWeights(0, 0, 1), 4, KlDirection.TEACHER_STUDENT, FocalForm.FLSD53, 0);
        double[] logits = {Math.log(p), Math.log(1 - p)};
        double[] gradient = new double[2];
        double focal = new DistillationLoss(settings)
                .evaluate(logits, null, new int[] {0}, gradient)
                .focal();
        assertThat(focal).isCloseTo(-Math.pow(1 - p, exponent) * Math.log(p), within(1e-12));
        double push = Math.pow(1 - p, exponent) - exponent * p * Math.pow(1 - p, exponent - 1) * Math.log(p);
        assertThat(gradient[0]).isCloseTo(push * (p - 1), within(1e-12));
    }

    /** Mistakes on purpose: how low the bound falls over 100 classes for each exponent. */
    @ParameterizedTest
    @CsvSource({"1, -2.63", "2, -6.77", "3, -11.1", "5, -20.0"})
    void the_entropy_bound_used_as_a_loss_goes_as_low_as_its_minimum(double exponent, double lowest) {
        LossSettings settings = new LossSettings(
                new LossWeights(0, 0, 1), 4, KlDirection.TEACHER_STUDENT, FocalForm.ENTROPY_BOUND, exponent);
        DistillationLoss loss = new DistillationLoss(settings);
        double found = 0;
        for (double lead = -10; lead <= 10; lead += 0.01) {
            double[] logits = new double[100];
            logits[31] = lead;
            found = Math.min(
                    found, loss.evaluate(logits, null, new int[] {31}, null).focal());
        }
        assertThat(found).isCloseTo(lowest, within(0.05));
    }

    @Test
    void the_entropy_bound_of_equal_logits_is_far_below_the_focal_loss() {
        double[] equal = new double[100];
        assertThat(focal(FocalForm.ENTROPY_BOUND, 3, equal)).isCloseTo(-9.21, within(0.005));
        assertThat(focal(FocalForm.FIXED, 3, equal)).isCloseTo(4.47, within(0.005));
    }

    @Test
    void without_its_minus_the_focal_term_makes_the_sum_fall_without_bound_once_it_outweighs_cross_entropy() {
        LossWeights light = new LossWeights(0, 1, 0.01);
        LossWeights heavy = new LossWeights(0, 1, 2);
        double[] wrong = {-50, 0, 0, 0};
        double[] veryWrong = {-500, 0, 0, 0};
        assertThat(lostMinus(light, wrong)).isPositive();
        assertThat(lostMinus(heavy, wrong)).isLessThan(-50);
        assertThat(lostMinus(heavy, veryWrong)).isLessThan(-500);
    }

    private static double lostMinus(LossWeights weights, double[] logits) {
        LossSettings settings = new LossSettings(weights, 4, KlDirection.TEACHER_STUDENT, FocalForm.LOST_MINUS, 2);
        return new DistillationLoss(settings)
                .evaluate(logits, null, new int[] {0}, null)
                .total(weights);
    }

    private static double focal(FocalForm form, double exponent, double[] logits) {
        LossSettings settings = new LossSettings(ALL, 4, KlDirection.TEACHER_STUDENT, form, exponent);
        return new DistillationLoss(settings)
                .evaluate(logits, logits, new int[] {0}, null)
                .focal();
    }

    @Test
    void components_of_weight_zero_are_measured_but_leave_the_gradient_alone() {
        Batch batch = Batch.random(5);
        LossSettings crossEntropy = LossSettings.of(LossWeights.CROSS_ENTROPY);
        double[] withTeacher = new double[12];
        double[] without = new double[12];
        LossComponents measured =
                new DistillationLoss(crossEntropy).evaluate(batch.student, batch.teacher, batch.labels, withTeacher);
        LossComponents alone = new DistillationLoss(crossEntropy).evaluate(batch.student, null, batch.labels, without);
        assertThat(withTeacher).isEqualTo(without);
        assertThat(measured.kl()).isPositive();
        assertThat(measured.focal()).isPositive();
        assertThat(measured.total(LossWeights.CROSS_ENTROPY)).isEqualTo(measured.ce());
        assertThat(alone.kl()).isNaN();
        assertThat(alone.total(LossWeights.CROSS_ENTROPY)).isEqualTo(measured.ce());
        for (int row = 0; row < 3; row++) {
            for (int k = 0; k < 4; k++) {
                double softmax = Math.exp(batch.student[row * 4 + k])
                        / Arrays.stream(batch.student, row * 4, row * 4 + 4)
                                .map(Math::exp)
                                .sum();
                double target = batch.labels[row] == k ? 1 : 0;
                assertThat(without[row * 4 + k]).isCloseTo((softmax - target) / 3, within(1e-12));
            }
        }
    }

    @Property(tries = 500)
    void a_focal_loss_lies_between_zero_and_cross_entropy(
            @ForAll("batches") Batch batch, @ForAll @DoubleRange(min = 0, max = 8) double exponent) {
        for (FocalForm form : new FocalForm[] {FocalForm.FIXED, FocalForm.FLSD53}) {
            LossComponents found = evaluate(settings(form, exponent), batch);
            assertThat(found.focal()).isGreaterThanOrEqualTo(0).isLessThanOrEqualTo(found.ce() * (1 + 1e-15));
        }
    }

    @Property(tries = 200)
    void a_focal_loss_of_exponent_zero_is_cross_entropy(@ForAll("batches") Batch batch) {
        LossComponents found = evaluate(settings(FocalForm.FIXED, 0), batch);
        assertThat(found.focal()).isEqualTo(found.ce());
    }

    @Property(tries = 500)
    void divergences_are_not_negative_and_nothing_between_a_network_and_itself(@ForAll("batches") Batch batch) {
        for (KlDirection direction : KlDirection.values()) {
            LossSettings settings = new LossSettings(ALL, 4, direction, FocalForm.FIXED, 2);
            assertThat(evaluate(settings, batch).kl()).isGreaterThanOrEqualTo(-1e-12);
            Batch same = new Batch(batch.student, batch.student, batch.labels);
            assertThat(evaluate(settings, same).kl()).isZero();
        }
    }

    @Property(tries = 300)
    void adding_a_number_to_all_logits_of_an_image_changes_nothing(
            @ForAll("batches") Batch batch,
            @ForAll @DoubleRange(min = -100, max = 100) double shift,
            @ForAll FocalForm form,
            @ForAll KlDirection direction) {
        LossSettings settings = new LossSettings(ALL, 4, direction, form, 2);
        double[] gradient = new double[12];
        double[] shiftedGradient = new double[12];
        Batch shifted = new Batch(plus(batch.student, shift), plus(batch.teacher, -2 * shift), batch.labels);
        double total = evaluate(settings, batch, gradient).total(ALL);
        assertThat(evaluate(settings, shifted, shiftedGradient).total(ALL)).isCloseTo(total, within(1e-9));
        assertThat(shiftedGradient).containsExactly(gradient, within(1e-9));
        for (int row = 0; row < 3; row++) {
            assertThat(Arrays.stream(gradient, row * 4, row * 4 + 4).sum()).isCloseTo(0, within(1e-12));
        }
    }

    @Property(tries = 500)
    void values_and_gradients_are_finite_however_large_the_logits(
            @ForAll("extremes") Batch batch,
            @ForAll FocalForm form,
            @ForAll KlDirection direction,
            @ForAll("exponents") double exponent) {
        LossSettings settings = new LossSettings(ALL, 4, direction, form, exponent);
        double[] gradient = new double[12];
        LossComponents found = evaluate(settings, batch, gradient);
        assertThat(DoubleStream.of(found.kl(), found.ce(), found.focal())).allMatch(Double::isFinite);
        assertThat(DoubleStream.of(gradient)).allMatch(Double::isFinite);
    }

    @Property(tries = 200)
    void the_total_does_not_fall_as_the_focal_weight_rises(
            @ForAll("batches") Batch batch, @ForAll("exponents") double exponent) {
        LossComponents found = evaluate(settings(FocalForm.FIXED, exponent), batch);
        double before = 0;
        for (double gamma : new double[] {0, 1e-3, 0.01, 0.5, 1, 10}) {
            double total = found.total(new LossWeights(0.1, 0.9, gamma));
            assertThat(total).isGreaterThanOrEqualTo(before);
            before = total;
        }
    }

    /** Beside decimal arithmetic of 60 digits. */
    @ParameterizedTest
    @CsvSource({"999", "1000", "1e4", "1e6", "1e7", "1e9"})
    void at_a_large_temperature_no_digits_are_lost(double temperature) {
        double[] student = {1.5, -0.3, 0.2, -1, 40};
        double[] teacher = {0.5, 1.3, -0.2, 0, -7};
        for (KlDirection direction : KlDirection.values()) {
            LossSettings settings =
                    new LossSettings(new LossWeights(1, 0, 0), temperature, direction, FocalForm.FIXED, 2);
            double[] gradient = new double[5];
            double kl = new DistillationLoss(settings)
                    .evaluate(student, teacher, new int[] {0}, gradient)
                    .kl();
            DecimalDivergence expected = DecimalDivergence.of(student, teacher, temperature, direction);
            assertThat(kl).isCloseTo(expected.value(), withinPercentage(1e-7));
            for (int k = 0; k < 5; k++) {
                assertThat(gradient[k]).isCloseTo(expected.slopes()[k], withinPercentage(1e-7));
            }
        }
    }

    @Test
    void the_distillation_term_tends_to_half_the_mean_squared_difference_of_centred_logits() {
        double[] student = {1, 2, 3, -6};
        double[] teacher = {0, -2, 5, -3};
        // Both means are 0; the differences 1, 4, -2, -3 square to 30.
        for (KlDirection direction : KlDirection.values()) {
            LossSettings settings = new LossSettings(ALL, 1e9, direction, FocalForm.FIXED, 2);
            double kl = new DistillationLoss(settings)
                    .evaluate(student, teacher, new int[] {0}, null)
                    .kl();
            assertThat(kl).isCloseTo(30.0 / 4 / 2, withinPercentage(1e-6));
        }
    }

    @Property(tries = 500)
    void a_divergence_is_never_negative_at_a_large_temperature(
            @ForAll("anySize") Batch batch,
            @ForAll("largeTemperatures") double temperature,
            @ForAll KlDirection direction) {
        LossSettings settings = new LossSettings(ALL, temperature, direction, FocalForm.FIXED, 2);
        double[] gradient = new double[12];
        assertThat(evaluate(settings, batch, gradient).kl()).isFinite().isNotNegative();
        assertThat(DoubleStream.of(gradient)).allMatch(Double::isFinite);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.POSITIVE_INFINITY, Double.NaN})
    void temperatures_that_mean_nothing_are_refused(double temperature) {
        assertThatThrownBy(() -> new LossSettings(ALL, temperature, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("temperature must be a finite number > 0, found " + temperature);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.1e9, 1e160})
    void nothing_is_computed_at_temperatures_at_which_digits_are_lost(double temperature) {
        LossSettings settings = new LossSettings(ALL, temperature, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2);
        assertThatThrownBy(() -> new DistillationLoss(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("temperature must be at most 1e9, found " + temperature);
    }

    @Test
    void labels_that_are_no_class_are_refused() {
        Batch batch = Batch.random(1);
        assertThatThrownBy(() -> evaluate(settings(FocalForm.FIXED, 2), batch.with(0, 1, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Label 4 is not one of 4 classes");
        assertThatThrownBy(() -> evaluate(settings(FocalForm.FIXED, 2), batch.with(0, -1, 3)))
                .hasMessage("Label -1 is not one of 4 classes");
    }

    @Test
    void shapes_that_do_not_fit_are_refused() {
        Batch batch = Batch.random(1);
        assertThatThrownBy(() -> evaluate(settings(FocalForm.FIXED, 2), batch.with(0, 1, 2, 3, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("12 student logits do not fit 5 labels");
        assertThatThrownBy(() -> evaluate(settings(FocalForm.FIXED, 2), batch.with()))
                .hasMessage("12 student logits do not fit 0 labels");
        assertThatThrownBy(() ->
                        evaluate(settings(FocalForm.FIXED, 2), new Batch(batch.student, new double[8], batch.labels)))
                .hasMessage("8 teacher logits do not fit 12 student logits");
    }

    @Test
    void distillation_without_a_teacher_is_refused() {
        Batch batch = Batch.random(1);
        assertThatThrownBy(() -> evaluate(settings(FocalForm.FIXED, 2), new Batch(batch.student, null, batch.labels)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alpha is 0.1 but there are no teacher logits");
    }

    @ParameterizedTest
    @EnumSource
    void only_the_two_mistakes_may_be_negative(FocalForm form) {
        double[] confident = {-30, 0, 0, 0};
        assertThat(focal(form, 40, confident) < 0 || focal(form, 40, new double[100]) < 0)
                .isEqualTo(form.canBeNegative());
    }

    private static LossSettings settings(FocalForm form, double exponent) {
        return new LossSettings(ALL, 4, KlDirection.TEACHER_STUDENT, form, exponent);
    }

    private static LossComponents evaluate(LossSettings settings, Batch batch) {
        return evaluate(settings, batch, null);
    }

    private static LossComponents evaluate(LossSettings settings, Batch batch, double[] gradient) {
        return new DistillationLoss(settings).evaluate(batch.student, batch.teacher, batch.labels, gradient);
    }

    private static double[] plus(double[] values, double shift) {
        return DoubleStream.of(values).map(v -> v + shift).toArray();
    }

    @Provide
    Arbitrary<Batch> batches() {
        return batches(20);
    }

    @Provide
    Arbitrary<Batch> extremes() {
        return batches(1e4);
    }

    @Provide
    Arbitrary<Batch> anySize() {
        return Arbitraries.of(0.1, 1.0, 1e3, 1e6, 1e12).flatMap(DistillationLossTest::batches);
    }

    @Provide
    Arbitrary<Double> largeTemperatures() {
        return Arbitraries.of(1e3, 1e4, 1e6, 1e8, 1e9);
    }

    private static Arbitrary<Batch> batches(double largest) {
        Arbitrary<double[]> logits = Arbitraries.doubles()
                .between(-largest, largest)
                .array(double[].class)
                .ofSize(12);
        Arbitrary<int[]> labels =
                Arbitraries.integers().between(0, 3).array(int[].class).ofSize(3);
        return Combinators.combine(logits, logits, labels).as(Batch::new);
    }

    @Provide
    Arbitrary<Double> exponents() {
        return Arbitraries.of(0.0, 0.5, 1.0, 2.0, 5.0);
    }

    /** Three images, four classes. */
    record Batch(double[] student, double[] teacher, int[] labels) {
        static Batch random(long seed) {
            Random random = new Random(seed);
            return new Batch(
                    random.doubles(12, -3, 3).toArray(),
                    random.doubles(12, -3, 3).toArray(),
                    new int[] {0, 3, 1});
        }

        Batch with(int... otherLabels) {
            return new Batch(student, teacher, otherLabels);
        }
    }
}
