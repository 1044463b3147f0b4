package org.focaldistill.sweep.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.noise.ResponseSurface.Point;
import org.junit.jupiter.api.Test;

class ResponseSurfaceTest {
    private static final DoubleBinaryOperator BOWL =
            (x, y) -> 3 + 2 * x - 40 * y + 5 * x * x + 900 * y * y - 30 * x * y;

    private static List<Point> trials(
            int perAxis, int seeds, DoubleBinaryOperator truth, RandomGenerator random, double sd) {
        List<Point> points = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            double ofSeed = 10 * sd * random.nextGaussian();
            for (int i = 0; i < perAxis; i++) {
                for (int j = 0; j < perAxis; j++) {
                    double x = i / (double) perAxis;
                    double y = 0.1 * j / perAxis;
                    double value = truth.applyAsDouble(x, y) + ofSeed + sd * random.nextGaussian();
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

    @Test
    void its_intervals_hold_the_truth_in_95_of_100_cases_and_lack_of_fit_is_seldom_seen_where_there_is_none() {
        RandomGenerator random = new Well19937c(2);
        int inside = 0;
        int lack = 0;
        int cases = 600;
        for (int i = 0; i < cases; i++) {
            List<Point> points = trials(4, 3, BOWL, random, 0.1);
            ResponseSurface surface = ResponseSurface.of(points).orElseThrow();
            // Of these seeds: what they add is not the surface's.
            double ofSeeds = points.stream()
                    .mapToDouble(point -> point.value() - BOWL.applyAsDouble(point.x(), point.y()))
                    .average()
                    .orElseThrow();
            ResponseSurface.Estimate estimate = surface.at(0.6, 0.02);
            double truth = BOWL.applyAsDouble(0.6, 0.02) + ofSeeds;
            inside += Math.abs(estimate.mean() - truth) <= estimate.reach() ? 1 : 0;
            lack += surface.lackOfFitP() < 0.05 ? 1 : 0;
        }
        assertThat(inside / (double) cases).isBetween(0.93, 1.0);
        assertThat(lack / (double) cases).isLessThan(0.05 + 3 * Math.sqrt(0.05 * 0.95 / cases));
    }

    @Test
    void what_no_polynomial_of_second_order_has_is_seen_as_lack_of_fit() {
        ResponseSurface surface = ResponseSurface.of(trials(5, 3, (x, y) -> x > 0.5 ? 1 : 0, new Well19937c(3), 0.01))
                .orElseThrow();
        assertThat(surface.lackOfFitP()).isLessThan(1e-6);
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
