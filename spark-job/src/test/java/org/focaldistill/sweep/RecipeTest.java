package org.focaldistill.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
    private static final List<Double> DROPS = List.of(0.625, 0.75, 0.875);

    @ParameterizedTest
    @CsvSource({"240, 150, 180, 210", "8, 5, 6, 7", "16, 10, 12, 14", "100, 62, 75, 88", "200, 125, 150, 175"})
    void the_learning_rate_drops_at_five_eighths_three_quarters_and_seven_eighths(
            int epochs, int first, int second, int third) {
        Recipe recipe = recipe(epochs, DROPS);
        int[] drops = IntStream.range(1, epochs)
                .filter(epoch -> recipe.learningRate(epoch) != recipe.learningRate(epoch - 1))
                .toArray();
        assertThat(drops).containsExactly(first, second, third);
        assertThat(recipe.learningRate(0)).isEqualTo(0.05);
        assertThat(recipe.learningRate(first)).isCloseTo(0.005, within(1e-12));
        assertThat(recipe.learningRate(second)).isCloseTo(0.0005, within(1e-12));
        assertThat(recipe.learningRate(epochs - 1)).isCloseTo(0.00005, within(1e-12));
    }

    @Test
    void without_drops_the_learning_rate_stays() {
        Recipe recipe = recipe(10, List.of());
        assertThat(IntStream.range(0, 10).mapToDouble(recipe::learningRate)).containsOnly(0.05);
    }

    @Test
    void a_cosine_falls_from_the_whole_rate_by_half_in_the_middle_and_goes_on_to_none() {
        Recipe recipe = new Recipe(10, 64, 0.05, 0.9, 5e-4, DROPS, 0.1, Schedule.COSINE, 0);
        assertThat(recipe.learningRate(0)).isEqualTo(0.05);
        assertThat(recipe.learningRate(5)).isCloseTo(0.025, within(1e-15));
        // PyTorch's CosineAnnealingLR with T_max = 10, before its tenth epoch.
        assertThat(recipe.learningRate(9)).isCloseTo(0.0012235870926211618, within(1e-15));
        assertThat(recipe.dropAt()).as("what it does not use").isEmpty();
        assertThat(recipe).isEqualTo(new Recipe(10, 64, 0.05, 0.9, 5e-4, List.of(), 0.5, Schedule.COSINE, 0));
    }

    @Test
    void a_warm_up_grows_to_the_rate_that_the_schedule_goes_on_with() {
        Recipe steps = new Recipe(8, 64, 0.08, 0.9, 5e-4, List.of(0.5), 0.1, Schedule.STEPS, 3);
        assertThat(IntStream.range(0, 5).mapToDouble(steps::learningRate).toArray())
                .containsExactly(new double[] {0.02, 0.04, 0.06, 0.08, 0.008}, within(1e-15));
        Recipe cosine = new Recipe(8, 64, 0.08, 0.9, 5e-4, List.of(), 1, Schedule.COSINE, 4);
        assertThat(IntStream.range(0, 8).mapToDouble(cosine::learningRate).toArray())
                .containsExactly(
                        new double[] {
                            0.016,
                            0.032,
                            0.048,
                            0.064,
                            0.08,
                            0.04 * (1 + Math.sqrt(0.5)),
                            0.04,
                            0.04 * (1 - Math.sqrt(0.5))
                        },
                        within(1e-15));
    }

    @Test
    void a_warm_up_leaves_an_epoch() {
        for (int warmup : List.of(-1, 8, 9)) {
            assertThatThrownBy(() -> new Recipe(8, 64, 0.05, 0.9, 0, DROPS, 0.1, Schedule.STEPS, warmup))
                    .hasMessage("warmupEpochs must be at least 0 and fewer than the 8 epochs, found " + warmup);
        }
    }

    @Test
    void the_drops_can_not_be_changed_from_outside() {
        List<Double> drops = new java.util.ArrayList<>(DROPS);
        Recipe recipe = recipe(8, drops);
        drops.clear();
        assertThat(recipe.dropAt()).isEqualTo(DROPS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 64 | 0.05 | 0.9 | 0 | 0.1 | epochs must be at least 1, found 0",
                "1 | 0 | 0.05 | 0.9 | 0 | 0.1 | batchSize must be at least 1, found 0",
                "1 | 64 | 0 | 0.9 | 0 | 0.1 | learningRate must be > 0, found 0.0",
                "1 | 64 | NaN | 0.9 | 0 | 0.1 | learningRate must be > 0, found NaN",
                "1 | 64 | Infinity | 0.9 | 0 | 0.1 | learningRate must be > 0, found Infinity",
                "1 | 64 | 0.05 | 1 | 0 | 0.1 | momentum must be in [0, 1), found 1.0",
                "1 | 64 | 0.05 | -0.1 | 0 | 0.1 | momentum must be in [0, 1), found -0.1",
                "1 | 64 | 0.05 | NaN | 0 | 0.1 | momentum must be in [0, 1), found NaN",
                "1 | 64 | 0.05 | 0.9 | -1 | 0.1 | weightDecay must be >= 0, found -1.0",
                "1 | 64 | 0.05 | 0.9 | 0 | 0 | dropFactor must be in (0, 1], found 0.0",
                "1 | 64 | 0.05 | 0.9 | 0 | 1.5 | dropFactor must be in (0, 1], found 1.5",
            })
    void values_out_of_range_are_named(
            int epochs, int batch, double rate, double momentum, double decay, double factor, String message) {
        assertThatThrownBy(() -> new Recipe(epochs, batch, rate, momentum, decay, DROPS, factor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "0.5, 0.5", "0.6, 0.5", "0.5, 1.1", "-0.5, 0.5", "0.5, NaN"})
    void drops_must_ascend_within_the_training(double first, double second) {
        assertThatThrownBy(() -> recipe(8, List.of(first, second)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dropAt must ascend within (0, 1], found [" + first + ", " + second + "]");
    }

    private static Recipe recipe(int epochs, List<Double> drops) {
        return new Recipe(epochs, 64, 0.05, 0.9, 5e-4, drops, 0.1);
    }
}
