package org.focaldistill.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ColourStatisticsTest {
    @Test
    void each_colour_has_its_mean_and_deviation_over_all_images_to_four_digits() {
        byte[] pixels = {0, (byte) 255, 0, (byte) 255, 51, 51, 51, 51, 102, 102, 102, 102};
        byte[] other = {0, (byte) 255, 0, (byte) 255, 51, 51, 51, 51, 102, 102, 102, (byte) 153};
        byte[] both = new byte[24];
        System.arraycopy(pixels, 0, both, 0, 12);
        System.arraycopy(other, 0, both, 12, 12);
        ColourStatistics statistics = ColourStatistics.of(new ImageSet(2, both, new byte[2], new byte[2]));
        // Of blue: seven of 0.4 and one of 0.6; green is one value, and one can divide by 1.
        assertThat(statistics.mean()).isEqualTo(List.of(0.5, 0.2, 0.425));
        assertThat(statistics.deviation()).isEqualTo(List.of(0.5, 1.0, 0.0661));
    }
}
