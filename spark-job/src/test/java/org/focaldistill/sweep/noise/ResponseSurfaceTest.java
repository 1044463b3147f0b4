package org.focaldistill.sweep.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.assertj.core.data.Offset;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.noise.ResponseSurface.Point;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseSurfaceTest {
    private static final int CASES = 600;
    private static final DoubleBinaryOperator BOWL =
            (x, y) -> 3 + 2 * x - 40 * y + 5 * x * x + 900 * y * y - 30 * x * y;

    private static List<Point> trials(
            int perAxis, int seeds, DoubleBinaryOperator truth, RandomGenerator random, double sd) {
        double[] ofSeeds = new double[seeds];
        Arrays.setAll(ofSeeds, seed -> 10 * sd * random.nextGaussian());
        return trials(perAxis, ofSeeds, truth, random, sd);
    }

    /** @param ofSeeds what each seed adds to all its trials */
    private static List<Point> trials(
            int perAxis, double[] ofSeeds, DoubleBinaryOperator truth, RandomGenerator random, double sd) {
        List<Point> points = new ArrayList<>();
        for (int seed = 0; seed < ofSeeds.length; seed++) {
            for (int i = 0; i < perAxis; i++) {
                for (int j = 0; j < perAxis; j++) {
                    double x = i / (double) perAxis;
                    double y = 0.1 * j / perAxis;
                    double value = truth.applyAsDouble(x, y) + ofSeeds[seed] + sd * random.nextGaussian();
                    points.add(new Point(x, y, List.of(), Seed.of(seed), value));
                }
            }
        }
        return points;
    }

    @Test
    void a_polynomial_is_found_again_whatever_the_seeds_add_to_all() {
        ResponseSurface surface =
                ResponseSurface.of(trials(4, 1, BOWL, new Well19937c(1), 0)).orElseThrow();
        for (double x : new double[] {0, 0.3, 0.75}) {
            assertThat(surface.at(x, 0.04).mean()).isCloseTo(BOWL.applyAsDouble(x, 0.04), within(1e-9));
        }
        assertThat(surface.residualSd()).isLessThan(1e-9);
    }

    /** Three standard errors of a share of {@link #CASES}. */
    private static Offset<Double> byChance(double share) {
        return within(3 * Math.sqrt(share * (1 - share) / CASES));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 12, 22})
    void its_intervals_hold_the_truth_in_95_of_100_cases_and_lack_of_fit_is_seen_in_5_where_there_is_none(int chance) {
        RandomGenerator random = new Well19937c(chance);
        double[][] places = {{0.6, 0.02}, {0, 0}, {0.75, 0.075}};
        int[] inside = new int[places.length];
        int lack = 0;
        for (int i = 0; i < CASES; i++) {
            double[] ofSeeds = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            ResponseSurface surface =
                    ResponseSurface.of(trials(4, ofSeeds, BOWL, random, 0.1)).orElseThrow();
            for (int place = 0; place < places.length; place++) {
                ResponseSurface.Estimate estimate = surface.at(places[place][0], places[place][1]);
                double truth = BOWL.applyAsDouble(places[place][0], places[place][1])
                        + Arrays.stream(ofSeeds).average().orElseThrow();
                inside[place] += Math.abs(estimate.mean() - truth) <= estimate.reach() ? 1 : 0;
            }
            lack += surface.lackOfFitP() < 0.05 ? 1 : 0;
        }
        for (int ofPlace : inside) {
            assertThat(ofPlace / (double) CASES).isCloseTo(0.95, byChance(0.95));
        }
        assertThat(lack / (double) CASES).isCloseTo(0.05, byChance(0.05));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 13, 23})
    void what_no_polynomial_of_second_order_has_is_seen_as_lack_of_fit(int chance) {
        List<Point> points = trials(5, 3, (x, y) -> x > 0.5 ? 1 : 0, new Well19937c(chance), 0.01);
        assertThat(ResponseSurface.of(points).orElseThrow().lackOfFitP()).isLessThan(1e-6);
    }

    @Test
    void what_else_varies_is_held_at_its_mean() {
        RandomGenerator random = new Well19937c(5);
        List<Point> points = new ArrayList<>();
        double mean = 0;
        for (int i = 0; i < 60; i++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            double rate = random.nextDouble();
            mean += 7 * rate / 60;
            points.add(new Point(x, y, List.of(rate, 4.0), Seed.of(i % 3), x - y + 7 * rate));
        }
        ResponseSurface surface = ResponseSurface.of(points).orElseThrow();
        assertThat(surface.at(0.5, 0.25).mean()).isCloseTo(0.25 + mean, within(1e-9));
    }

    @Test
    void as_many_places_as_numbers_to_fit_are_too_few() {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int place = i % 6;
            points.add(new Point(place, place * place % 5, List.of(), Seed.of(i / 6), place + 0.1 * i));
        }
        assertThat(ResponseSurface.of(points)).isEmpty();
    }

    @Test
    void two_values_have_no_square_and_one_is_no_axis() {
        assertThat(ResponseSurface.of(trials(2, 3, BOWL, new Well19937c(4), 0.1)))
                .isPresent();
        assertThat(ResponseSurface.of(trials(1, 3, BOWL, new Well19937c(4), 0.1)))
                .isEmpty();
        assertThat(ResponseSurface.of(trials(2, 1, BOWL, new Well19937c(4), 0.1)))
                .isPresent();
    }
}
