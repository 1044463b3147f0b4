package org.focaldistill.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.focaldistill.sweep.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingOrderTest {
    /** Inverse, modulo 2^64, of what {@link java.util.SplittableRandom} adds to its state with each number. */
    private static final long STEPS_IN_ONE = BigInteger.valueOf(0x9E3779B97F4A7C15L)
            .modInverse(BigInteger.TWO.pow(64))
            .longValue();

    @Property(tries = 200)
    void an_epoch_takes_each_image_that_is_not_held_out_once(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int images,
            @ForAll @IntRange(min = 0, max = 299) int heldOut,
            @ForAll @IntRange(min = 0, max = 500) int epoch) {
        int validation = heldOut % images;
        TrainingOrder order = new TrainingOrder(seed, images, validation);
        assertThat(order.validation())
                .hasSize(validation)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(order.size()).isEqualTo(images - validation);
        assertThat(order.epoch(epoch)).hasSize(order.size());
        assertThat(IntStream.concat(Arrays.stream(order.validation()), Arrays.stream(order.epoch(epoch)))
                        .sorted()
                        .toArray())
                .isEqualTo(IntStream.range(0, images).toArray());
    }

    @Test
    void the_same_seed_gives_the_same_split_and_order() {
        TrainingOrder one = new TrainingOrder(5, 1000, 100);
        TrainingOrder other = new TrainingOrder(5, 1000, 100);
        int[] later = one.epoch(9);
        assertThat(other.epoch(3)).isEqualTo(one.epoch(3));
        assertThat(other.epoch(9)).isEqualTo(later);
        assertThat(other.validation()).isEqualTo(one.validation());
    }

    @Test
    void other_seeds_and_other_epochs_differ() {
        TrainingOrder one = new TrainingOrder(5, 1000, 100);
        TrainingOrder other = new TrainingOrder(6, 1000, 100);
        assertThat(other.validation()).isNotEqualTo(one.validation());
        assertThat(other.epoch(0)).isNotEqualTo(one.epoch(0));
        assertThat(one.epoch(1)).isNotEqualTo(one.epoch(0));
        assertThat(new TrainingOrder(6, 1000, 0).epoch(0)).isNotEqualTo(new TrainingOrder(5, 1000, 0).epoch(0));
    }

    @Test
    void changing_the_arrays_handed_out_changes_nothing() {
        TrainingOrder order = new TrainingOrder(5, 100, 10);
        int[] validation = order.validation();
        int[] epoch = order.epoch(0);
        Arrays.fill(order.validation(), -1);
        Arrays.fill(order.epoch(0), -1);
        assertThat(order.validation()).isEqualTo(validation);
        assertThat(order.epoch(0)).isEqualTo(epoch);
    }

    /** A trial's id holds its data seed: the same seed must mean the same split and batches. */
    @Test
    void the_split_and_the_order_of_a_seed_are_for_ever() {
        TrainingOrder order = new TrainingOrder(1, 20, 5);
        assertThat(order.validation()).containsExactly(5, 6, 7, 8, 18);
        assertThat(order.epoch(0)).containsExactly(11, 3, 12, 9, 4, 17, 15, 0, 10, 13, 19, 16, 1, 14, 2);
        assertThat(order.epoch(7)).containsExactly(12, 13, 15, 3, 11, 19, 14, 1, 17, 10, 2, 4, 0, 9, 16);

        TrainingOrder second = new TrainingOrder(2, 20, 5);
        assertThat(second.validation()).containsExactly(2, 9, 11, 18, 19);
        assertThat(second.epoch(0)).containsExactly(6, 15, 10, 16, 13, 5, 8, 3, 1, 0, 4, 12, 7, 17, 14);

        TrainingOrder scattered = new TrainingOrder(Seed.of(2).dataStream(), 20, 5);
        assertThat(scattered.validation()).containsExactly(1, 3, 6, 7, 10);
        assertThat(scattered.epoch(0)).containsExactly(0, 2, 5, 19, 12, 9, 16, 11, 13, 8, 4, 18, 14, 17, 15);
    }

    /** A generator that begins k steps after another one draws what that one does from its k-th number on. */
    @Test
    void scattered_seeds_draw_nothing_that_others_draw_too() {
        assertThat(smallestDistance(Seed::of)).isGreaterThan(1L << 30);
        // It can be seen where seeds do: the splits of neighbours are one number apart.
        assertThat(smallestDistance(seed -> Seed.plain(seed, seed))).isEqualTo(1);
    }

    /** Between the beginnings of all generators of data seeds 0 to 99, in numbers drawn. */
    private static long smallestDistance(LongFunction<Seed> seed) {
        long[] begins = LongStream.range(0, 100)
                .map(number -> seed.apply(number).dataStream())
                .flatMap(stream -> LongStream.concat(
                        LongStream.of(TrainingOrder.splitStart(stream), Views.cycleStart(stream, 0)),
                        IntStream.range(0, 162).mapToLong(epoch -> TrainingOrder.epochStart(stream, epoch))))
                .map(start -> start * STEPS_IN_ONE)
                .sorted()
                .toArray();
        return IntStream.range(1, begins.length)
                .mapToLong(i -> begins[i] - begins[i - 1])
                .filter(distance -> distance >= 0)
                .min()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "10, 11", "10, -1", "0, 0"})
    void a_split_that_leaves_nothing_to_train_on_is_refused(int images, int validation) {
        assertThatThrownBy(() -> new TrainingOrder(1, images, validation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot hold out " + validation + " of " + images + " training images");
    }
}
