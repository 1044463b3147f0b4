package org.focaldistill.sweep.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.distribution.TDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManyToOneTest {

    /** C. W. Dunnett, New tables for multiple comparisons with a control, Biometrics 20, 1964, 5 % two-sided. */
    @ParameterizedTest
    @CsvSource({"2,10,2.57", "3,10,2.76", "9,10,3.24", "2,20,2.38", "3,20,2.54", "5,20,2.73", "9,20,2.95"})
    void hasTheLimitsOfThePublishedTable(int comparisons, int degreesOfFreedom, double limit) {
        assertThat(new ManyToOne(comparisons, degreesOfFreedom, true).quantile(0.95))
                .isCloseTo(limit, within(0.006));
    }

    /** C. W. Dunnett, A multiple comparison procedure, JASA 50, 1955, 5 % one-sided. */
    @ParameterizedTest
    @CsvSource({"2,10,2.15", "3,10,2.34", "9,10,2.81", "2,20,2.03", "3,20,2.19", "9,20,2.60"})
    void hasTheOneSidedLimitsOfThePublishedTable(int comparisons, int degreesOfFreedom, double limit) {
        assertThat(new ManyToOne(comparisons, degreesOfFreedom, false).quantile(0.95))
                .isCloseTo(limit, within(0.011));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 30, 400})
    void isStudentsDistributionForOneComparison(int degreesOfFreedom) {
        double t = new TDistribution(degreesOfFreedom).inverseCumulativeProbability(0.975);

        assertThat(new ManyToOne(1, degreesOfFreedom, true).quantile(0.95)).isCloseTo(t, within(2e-3 * t));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 120})
    void givesBackTheProbabilityOfItsQuantile(int comparisons) {
        ManyToOne distribution = new ManyToOne(comparisons, 12, true);

        assertThat(distribution.probability(distribution.quantile(0.9))).isCloseTo(0.9, within(1e-5));
        assertThat(distribution.probability(0)).isCloseTo(0, within(1e-12));
        assertThat(distribution.probability(Double.POSITIVE_INFINITY)).isEqualTo(1);
    }
}
