package org.focaldistill.sweep.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

/** Twenty cells with three seeds each, the first cell as noisy as asked. */
class RaceNoiseTest {
    private static final List<Integer> LOOKS = List.of(3, 4, 5);

    private static double[][] table(double times) {
        RandomGenerator random = new Well19937c(4);
        double[][] table = new double[20][3];
        for (int seed = 0; seed < 3; seed++) {
            double ofSeed = 5 * random.nextGaussian();
            for (int cell = 0; cell < table.length; cell++) {
                table[cell][seed] = ofSeed + (cell == 0 ? times : 1) * random.nextGaussian();
            }
        }
        return table;
    }

    @Test
    void a_cell_that_is_much_noisier_is_found_and_is_not_in_the_others_noise() {
        RaceNoise noise = RaceNoise.of(table(20), LOOKS, false, 0);
        RaceNoise.Outlier outlier = Objects.requireNonNull(noise.outlier());
        assertThat(outlier.row()).isZero();
        assertThat(outlier.sd()).isBetween(5.0, 50.0);
        assertThat(noise.sd()).isCloseTo(1, within(0.3));
    }

    @Test
    void none_is_found_where_noise_is_alike() {
        RaceNoise noise = RaceNoise.of(table(1), LOOKS, false, 0);
        assertThat(noise.outlier()).isNull();
        assertThat(noise.sd()).isCloseTo(1, within(0.3));
    }

    @Test
    void what_is_compared_with_a_noisy_cell_is_judged_by_its_noise_and_the_others_among_themselves_are_not() {
        double[][] table = table(20);
        RaceNoise noise = RaceNoise.of(table, LOOKS, false, 0);
        double[] fromNoisy = noise.reaches(1, table, 0);
        double[] fromOther = noise.reaches(1, table, 1);
        assertThat(fromNoisy[2]).isGreaterThan(3 * fromOther[2]);
        assertThat(fromOther[0]).isEqualTo(fromNoisy[1]);
        assertThat(noise.reaches(1, new double[][] {table[3]}, 0)).containsExactly(0);
    }
}
