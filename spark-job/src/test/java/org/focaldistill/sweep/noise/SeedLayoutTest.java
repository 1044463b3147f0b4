package org.focaldistill.sweep.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.Seeds;
import org.junit.jupiter.api.Test;

class SeedLayoutTest {
    private static SeedLayout of(Seeds seeds) {
        return SeedLayout.of(seeds.all());
    }

    @Test
    void says_in_what_the_seeds_differ() {
        assertThat(of(Seeds.of(List.of(1L)))).hasToString("one seed");
        assertThat(of(Seeds.of(List.of(1L, 2L, 3L)))).hasToString("3 seeds (data order and initial weights)");
        assertThat(of(Seeds.crossed(List.of(1L, 2L), List.of(1L))))
                .hasToString("2 seeds of data order, all from one initialisation");
        assertThat(of(Seeds.crossed(List.of(1L), List.of(4L, 5L))))
                .hasToString("2 seeds of initial weights, all with one data order");
        assertThat(of(Seeds.crossed(List.of(1L, 2L, 3L), List.of(1L, 2L)))).hasToString("3 data x 2 init seeds");
    }

    @Test
    void only_several_data_seeds_with_several_init_seeds_are_crossed() {
        assertThat(of(Seeds.of(List.of(1L, 2L))).crossed()).isFalse();
        assertThat(of(Seeds.crossed(List.of(1L, 2L), List.of(1L))).crossed()).isFalse();
        assertThat(of(Seeds.crossed(List.of(1L, 2L), List.of(1L, 2L))).crossed())
                .isTrue();
    }

    @Test
    void seeds_of_which_some_share_an_initialisation_have_none_but_parts_of_them_have() {
        List<Seed> seeds =
                List.of(Seed.plain(1, 1), Seed.plain(1, 2), Seed.plain(2, 1), Seed.plain(2, 2), Seed.plain(3, 2));

        assertThat(SeedLayout.of(seeds)).isNull();
        assertThat(SeedLayout.within(seeds))
                .containsExactlyInAnyOrder(
                        seeds.subList(0, 4), List.of(Seed.plain(1, 2), Seed.plain(2, 2), Seed.plain(3, 2)));
        assertThat(SeedLayout.within(seeds.subList(0, 4))).containsExactly(seeds.subList(0, 4));
    }
}
