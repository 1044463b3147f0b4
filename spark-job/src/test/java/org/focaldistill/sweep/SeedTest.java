package org.focaldistill.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedTest {
    @Test
    void plain_seeds_are_drawn_from_as_they_are() {
        Seed plain = Seed.plain(7, -3);

        assertThat(plain.dataStream()).isEqualTo(7);
        assertThat(plain.initStream()).isEqualTo(-3);
    }

    /** They decide the numbers of trials whose ids hold the seed alone. */
    @Test
    void what_a_scattered_seed_draws_from_is_for_ever() {
        assertThat(Seed.of(2).dataStream()).isEqualTo(1581842977205825397L);
        assertThat(Seed.of(2).initStream()).isEqualTo(-4121662440611685953L);
        assertThat(Seed.of(Long.MAX_VALUE).dataStream()).isEqualTo(3741761433624107696L);
    }

    @Test
    void no_two_seeds_or_purposes_draw_from_the_same() {
        Set<Long> seen = new HashSet<>();
        for (long number = 0; number < 10_000; number++) {
            seen.add(Seed.of(number).dataStream());
            seen.add(Seed.of(number).initStream());
        }
        // Seed 1, which is plain, has one value for both.
        assertThat(seen).hasSize(2 * 10_000 - 1);
    }

    @Test
    void the_first_seed_is_that_of_sweeps_that_name_none() {
        assertThat(Seeds.of(List.of(1L)).all())
                .isEqualTo(Seeds.crossed(List.of(1L), List.of(1L)).all());
        assertThat(Seeds.of(List.of(1L, 2L)).all())
                .containsExactly(Seed.plain(1, 1), new Seed(2, 2, SeedStreams.SCATTERED));
    }

    @Test
    void every_data_seed_meets_every_init_seed_where_they_are_crossed() {
        assertThat(Seeds.crossed(List.of(1L, 2L), List.of(5L, 4L)).all())
                .containsExactly(Seed.plain(1, 5), Seed.plain(1, 4), Seed.plain(2, 5), Seed.plain(2, 4));
        assertThatThrownBy(() -> Seeds.crossed(List.of(1L), List.of(3L, 3L)))
                .hasMessage("initSeeds must have each value once, found 3 twice");
        assertThatThrownBy(() -> Seeds.of(List.of())).hasMessage("seeds must have at least one value, found none");
    }

    @Test
    void a_seed_is_short_where_its_two_numbers_are_one() {
        assertThat(List.of(Seed.of(3), Seed.plain(3, 3), Seed.plain(1, 2)))
                .extracting(Seed::toString)
                .containsExactly("3", "3", "1/2");
    }
}
