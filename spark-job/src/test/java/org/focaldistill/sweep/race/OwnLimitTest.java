package org.focaldistill.sweep.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnLimitTest {
    @Test
    void with_one_look_it_is_students_t() {
        assertThat(new OwnLimit(List.of(5), true).at(1)).isCloseTo(2.776, within(0.15));
        assertThat(new OwnLimit(List.of(5), false).at(1)).isCloseTo(2.132, within(0.1));
    }

    @Test
    void it_is_wide_while_seeds_are_few_and_never_below_that_of_one_look() {
        OwnLimit limit = new OwnLimit(List.of(2, 3, 4, 5), false);
        assertThat(limit.at(1)).isGreaterThan(10);
        assertThat(limit.at(1)).isGreaterThan(limit.at(2));
        assertThat(limit.at(2)).isGreaterThan(limit.at(3));
        assertThat(limit.at(3)).isGreaterThan(limit.at(4));
        assertThat(limit.at(4)).isGreaterThan(2.132);
    }

    @Test
    void one_seed_shows_no_noise() {
        assertThatThrownBy(() -> new OwnLimit(List.of(1, 2), true)).hasMessageContaining("found [1, 2]");
    }
}
