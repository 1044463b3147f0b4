package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentRateTest {
    private final RecentRate rate = new RecentRate(Duration.ofSeconds(60));

    private double at(long second, double value) {
        rate.look(second * 1_000_000_000, value);
        return rate.perSecond();
    }

    @Test
    void nothing_is_known_before_the_first_growth() {
        assertThat(at(0, 5)).isZero();
        assertThat(at(9, 5)).isZero();
    }

    /** Else the rate would fall from one heartbeat to the next, and jump. */
    @Test
    void it_is_taken_from_jump_to_jump() {
        at(0, 0);
        assertThat(at(10, 1000)).isEqualTo(100);
        assertThat(at(19, 1000)).isEqualTo(100);
        assertThat(at(20, 2000)).isEqualTo(100);
    }

    @Test
    void what_was_before_the_window_is_forgotten() {
        at(0, 0);
        for (int second = 10; second <= 100; second += 10) {
            at(second, 100.0 * second);
        }
        for (int second = 110; second <= 170; second += 10) {
            at(second, 10_000 + 400.0 * (second - 100));
        }
        assertThat(rate.perSecond()).isCloseTo(400, within(1e-9));
    }

    @Test
    void waiting_counts_where_it_is_longer_than_a_heartbeat_and_ends_it_after_a_window() {
        at(0, 0);
        at(10, 1000);
        assertThat(at(40, 1000)).isEqualTo(25);
        assertThat(at(70, 1000)).isZero();
        assertThat(at(80, 2000)).isCloseTo(1000 / 70.0, within(1e-9));
    }
}
