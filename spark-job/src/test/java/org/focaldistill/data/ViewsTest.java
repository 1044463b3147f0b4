package org.focaldistill.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.focaldistill.sweep.Seed;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final int[] ALL = IntStream.range(0, 162).toArray();

    @Test
    void there_are_nine_rows_times_nine_columns_times_two_flips() {
        Set<List<Object>> seen = new HashSet<>();
        for (int view : ALL) {
            assertThat(Views.down(view)).isBetween(-4, 4);
            assertThat(Views.right(view)).isBetween(-4, 4);
            seen.add(List.of(Views.down(view), Views.right(view), Views.flip(view)));
        }
        assertThat(Views.COUNT).isEqualTo(162);
        assertThat(seen).hasSize(9 * 9 * 2);
    }

    @Test
    void a_view_counts_rows_then_columns_then_flips() {
        assertThat(List.of(Views.down(0), Views.right(0), Views.flip(0))).isEqualTo(List.of(-4, -4, false));
        assertThat(List.of(Views.down(3), Views.right(3), Views.flip(3))).isEqualTo(List.of(-4, -3, true));
        assertThat(List.of(Views.down(161), Views.right(161), Views.flip(161))).isEqualTo(List.of(4, 4, true));
    }

    @Test
    void the_centre_is_the_image_as_it_is() {
        assertThat(Views.down(Views.CENTRE)).isZero();
        assertThat(Views.right(Views.CENTRE)).isZero();
        assertThat(Views.flip(Views.CENTRE)).isFalse();
    }

    @Property(tries = 100)
    void every_image_has_every_view_at_one_position(@ForAll @IntRange(min = 0, max = 59_999) int image) {
        assertThat(IntStream.range(0, 162).map(position -> Views.of(image, position)))
                .containsExactlyInAnyOrder(boxed(ALL));
    }

    @Property(tries = 100)
    void each_cycle_of_162_epochs_shows_an_image_each_view_once(
            @ForAll long dataSeed,
            @ForAll @IntRange(min = 0, max = 59_999) int image,
            @ForAll @IntRange(min = 0, max = 3) int cycle) {
        assertThat(IntStream.range(cycle * 162, (cycle + 1) * 162)
                        .map(epoch -> Views.of(image, Views.position(dataSeed, epoch))))
                .containsExactlyInAnyOrder(boxed(ALL));
    }

    @Test
    void images_have_different_orders() {
        Set<List<Integer>> orders = new HashSet<>();
        for (int image = 0; image < 2000; image++) {
            orders.add(order(image));
        }
        assertThat(orders).hasSize(2000);
    }

    @Test
    void at_each_position_the_images_are_spread_over_the_views() {
        int[] counts = new int[162];
        for (int image = 0; image < 16_200; image++) {
            counts[Views.of(image, 17)]++;
        }
        // 100 each, give or take five standard deviations.
        assertThat(Arrays.stream(counts)).allSatisfy(count -> assertThat(count).isBetween(50, 150));
    }

    @Test
    void seeds_and_cycles_take_the_positions_in_different_orders() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = -2; seed < 20; seed++) {
            for (int cycle = 0; cycle < 3; cycle++) {
                orders.add(positions(seed, cycle));
            }
        }
        assertThat(orders).hasSize(22 * 3);
    }

    /** Stored teacher logits are in this order: it must never change. */
    @Test
    void the_order_of_an_images_views_is_for_ever() {
        assertThat(order(0).subList(0, 5)).containsExactly(105, 94, 82, 65, 18);
        assertThat(order(1).subList(0, 5)).containsExactly(52, 64, 50, 125, 23);
        assertThat(order(49_999).subList(0, 5)).containsExactly(106, 7, 55, 71, 130);
    }

    /** A trial's id holds its data seed: the same seed must mean the same training. */
    @Test
    void the_positions_a_seed_takes_are_for_ever() {
        int[] epochs = {0, 1, 2, 161, 162, 163};
        assertThat(Arrays.stream(epochs).map(epoch -> Views.position(0, epoch)))
                .containsExactly(42, 146, 35, 124, 152, 128);
        assertThat(Arrays.stream(epochs).map(epoch -> Views.position(1, epoch)))
                .containsExactly(5, 116, 143, 125, 147, 72);
        assertThat(Arrays.stream(epochs).map(epoch -> Views.position(2, epoch)))
                .containsExactly(134, 150, 114, 43, 87, 19);
        long scattered = Seed.of(2).dataStream();
        assertThat(IntStream.of(0, 1, 162).map(epoch -> Views.position(scattered, epoch)))
                .containsExactly(9, 35, 94);
    }

    private static List<Integer> order(int image) {
        return IntStream.range(0, 162)
                .mapToObj(position -> Views.of(image, position))
                .toList();
    }

    private static List<Integer> positions(long seed, int cycle) {
        return IntStream.range(cycle * 162, (cycle + 1) * 162)
                .mapToObj(epoch -> Views.position(seed, epoch))
                .toList();
    }

    private static Integer[] boxed(int[] values) {
        return Arrays.stream(values).boxed().toArray(Integer[]::new);
    }
}
