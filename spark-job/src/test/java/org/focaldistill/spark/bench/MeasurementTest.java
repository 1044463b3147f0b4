package org.focaldistill.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    @Test
    void the_median_of_an_odd_number_of_rounds_is_the_middle_one() {
        assertThat(of(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4);
    }

    @Test
    void the_median_of_an_even_number_of_rounds_is_the_mean_of_the_middle_two() {
        assertThat(of(List.of(8.0, 1.0, 4.0, 2.0)).median()).isEqualTo(3);
    }

    @Test
    void nothing_measured_is_refused_by_name() {
        assertThatThrownBy(() -> of(List.of())).hasMessageContaining("training resnet20");
    }

    private static Measurement of(List<Double> values) {
        return new Measurement("training", "resnet20", "1 slot", "images/s", values);
    }
}
