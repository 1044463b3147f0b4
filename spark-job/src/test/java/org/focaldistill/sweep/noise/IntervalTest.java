package org.focaldistill.sweep.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
    /** As R's {@code prop.test(hits, count, correct = FALSE)} gives them. */
    @ParameterizedTest
    @CsvSource({"15, 50, 0.1910, 0.4375", "0, 10, 0, 0.2775", "10, 10, 0.7225, 1", "1, 1, 0.2065, 1"})
    void a_share_has_wilson_s_interval(int hits, int count, double low, double high) {
        Interval interval = Interval.ofShare(hits / (double) count, count);

        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
    }

    /** On average over true shares, as for single ones its coverage swings round 95 %. */
    @ParameterizedTest
    @CsvSource({"5", "20", "100"})
    void it_covers_the_true_share_in_about_95_of_100_cases(int count) {
        double covered = 0;
        for (int percent = 2; percent <= 98; percent++) {
            BinomialDistribution drawn = new BinomialDistribution(null, count, percent / 100.0);
            for (int hits = 0; hits <= count; hits++) {
                Interval interval = Interval.ofShare(hits / (double) count, count);
                boolean inside = interval.low() <= percent / 100.0 && percent / 100.0 <= interval.high();
                covered += inside ? drawn.probability(hits) / 97 : 0;
            }
        }

        assertThat(covered).isBetween(0.94, 0.965);
    }

    @Test
    void more_images_make_it_narrower_and_it_never_leaves_zero_to_one() {
        double last = 1;
        for (int count = 1; count < 10_000; count *= 3) {
            Interval interval = Interval.ofShare(1, count);
            assertThat(interval.low()).isGreaterThan(1 - last).isGreaterThanOrEqualTo(0);
            assertThat(interval.high()).isCloseTo(1, within(1e-12));
            last = 1 - interval.low();
        }
    }
}
