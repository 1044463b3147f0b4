package org.focaldistill.sweep.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LookLimitTest {
    private static final int KNOWN_NOISE = 100_000;

    @Test
    void with_one_cell_and_one_look_it_is_students_t() {
        assertThat(new LookLimit(1, 10, List.of(3), true).value()).isCloseTo(2.228, within(0.06));
        assertThat(new LookLimit(1, 10, List.of(3), false).value()).isCloseTo(1.812, within(0.06));
    }

    @Test
    void with_one_look_it_is_dunnetts_table() {
        assertThat(new LookLimit(4, 20, List.of(2), true).value()).isCloseTo(2.65, within(0.06));
        assertThat(new LookLimit(9, 60, List.of(5), false).value()).isCloseTo(2.48, within(0.06));
    }

    @Test
    void with_one_cell_it_is_pococks_table() {
        assertThat(new LookLimit(1, KNOWN_NOISE, List.of(1, 2, 3, 4, 5), true).value())
                .isCloseTo(2.413, within(0.06));
        assertThat(new LookLimit(1, KNOWN_NOISE, List.of(7, 14), true).value()).isCloseTo(2.178, within(0.06));
    }

    @Test
    void it_errs_on_the_safe_side_and_is_the_same_every_time() {
        LookLimit limit = new LookLimit(1, KNOWN_NOISE, List.of(10), true);
        assertThat(limit.value()).isGreaterThan(1.96).isEqualTo(limit.value());
        assertThat(new LookLimit(20, 40, List.of(2, 3, 4), true).value())
                .isGreaterThan(new LookLimit(20, 40, List.of(2, 3), true).value())
                .isGreaterThan(new LookLimit(10, 40, List.of(2, 3, 4), true).value());
    }
}
