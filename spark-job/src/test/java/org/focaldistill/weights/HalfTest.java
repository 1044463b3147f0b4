package org.focaldistill.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfTest {
    @Test
    void every_half_comes_back_from_float() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Half.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(Half.of(value)).as("%x", bits).isEqualTo((short) bits);
            }
        }
        assertThat(Half.toFloat(Half.of(Float.NaN))).isNaN();
    }

    @Test
    void a_number_between_two_halves_goes_to_the_nearer_and_from_the_middle_to_the_even() {
        SplittableRandom random = new SplittableRandom(1);
        for (int bits = 0; bits < 0x7bff; bits++) {
            float low = Half.toFloat((short) bits);
            float high = Half.toFloat((short) (bits + 1));
            float middle = (low + high) / 2;
            int even = bits % 2 == 0 ? bits : bits + 1;
            assertThat(Half.of(middle)).isEqualTo((short) even);
            assertThat(Half.of(Math.nextDown(middle))).isEqualTo((short) bits);
            assertThat(Half.of(-Math.nextUp(middle))).isEqualTo((short) (bits + 1 | 0x8000));
            float between = low + (high - low) * (float) random.nextDouble();
            assertThat(Math.abs(Half.toFloat(Half.of(between)) - between)).isLessThanOrEqualTo((high - low) / 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 3c00", "-2, c000", "65504, 7bff", "65519.9, 7bff", "65520, 7c00", "1e30, 7c00", "1e-30, 0"})
    void known_numbers(float value, String bits) {
        assertThat(Half.of(value) & 0xffff).isEqualTo(Integer.parseInt(bits, 16));
    }

    @Test
    void the_largest_that_fits_is_below_65520() {
        assertThat(Half.holds(65504)).isTrue();
        assertThat(Half.holds(-Math.nextDown(65520f))).isTrue();
        assertThat(Half.holds(65520)).isFalse();
        assertThat(Half.holds(Float.NaN)).isFalse();
    }
}
