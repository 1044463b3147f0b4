package org.focaldistill.sweep.noise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.FDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularMatrixException;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.focaldistill.sweep.Seed;
import org.jspecify.annotations.Nullable;

/**
 * A quantity over two axes as a polynomial of second order, fitted by least squares to trials anywhere in them: the response
 * surface of Box and Wilson (1951). Seeds are blocks; what else varies enters by itself and its square, and is held at its
 * mean. An axis with two values has no square, one with a single value is no axis.
 */
public final class ResponseSurface {
    private final Design design;
    private final Fit fit;
    private final double[] meansOfOthers;
    private final double t;
    private final @Nullable Double lackOfFitP;

    /**
     * One trial.
     *
     * @param x its place on the first axis
     * @param y its place on the second axis
     * @param others what else varies
     * @param seed its repetition
     * @param value of the quantity, finite
     */
    public record Point(double x, double y, List<Double> others, Seed seed, double value) {
        public Point {
            others = List.copyOf(others);
        }
    }

    /**
     * What the surface has somewhere, for an average seed.
     *
     * @param mean fitted
     * @param reach half the width of the mean's 95 % interval
     */
    public record Estimate(double mean, double reach) {}

    /** To [-1, 1], so that squares of small weights keep their digits. */
    private record Scaling(double middle, double half) {
        static Scaling of(List<Point> points, ToDoubleFunction<Point> axis) {
            double low = points.stream().mapToDouble(axis).min().orElseThrow();
            double high = points.stream().mapToDouble(axis).max().orElseThrow();
            return new Scaling((low + high) / 2, high > low ? (high - low) / 2 : 1);
        }

        double at(double value) {
            return (value - middle) / half;
        }
    }

    /** A column of the fit, from scaled places. */
    private interface Term {
        double at(double x, double y);
    }

    private ResponseSurface(Design design, Fit fit, @Nullable Double lackOfFitP) {
        this.design = design;
        this.fit = fit;
        this.meansOfOthers = design.meansOfOthers();
        this.t = new TDistribution(null, fit.degreesOfFreedom()).inverseCumulativeProbability(1 - Comparison.LEVEL / 2);
        this.lackOfFitP = lackOfFitP;
    }

    /**
     * Fits.
     *
     * @return nothing where the points do not determine it: an axis does not vary, or there are not more places than numbers to
     *     fit; nor where data seeds are crossed with init seeds, which are no blocks
     */
    public static Optional<ResponseSurface> of(List<Point> points) {
        List<Seed> seeds = points.stream().map(Point::seed).distinct().sorted().toList();
        SeedLayout layout = SeedLayout.of(seeds);
        if (levels(points, Point::x) < 2 || levels(points, Point::y) < 2 || layout == null || layout.crossed()) {
            return Optional.empty();
        }
        long places = points.stream().map(ResponseSurface::place).distinct().count();
        Design design = Design.of(points, places);
        if (places <= design.columns()) {
            return Optional.empty();
        }
        double[] values = points.stream().mapToDouble(Point::value).toArray();
        return Fit.of(withSeeds(design.rows(), points, seeds), values)
                .map(fit -> new ResponseSurface(design, fit, lackOfFit(points, seeds, values, fit)));
    }

    /**
     * The surface's columns, without those of seeds.
     *
     * @param others columns of what else varies, {@code [points][columns]}
     */
    private record Design(List<Point> points, Scaling x, Scaling y, List<Term> terms, double[][] others) {
        static Design of(List<Point> points, long places) {
            List<Term> terms = new ArrayList<>(List.of((a, b) -> 1, (a, b) -> a, (a, b) -> b));
            if (places > 4) {
                terms.add((a, b) -> a * b);
            }
            if (levels(points, Point::x) > 2) {
                terms.add((a, b) -> a * a);
            }
            if (levels(points, Point::y) > 2) {
                terms.add((a, b) -> b * b);
            }
            return new Design(
                    points,
                    Scaling.of(points, Point::x),
                    Scaling.of(points, Point::y),
                    terms,
                    ResponseSurface.others(points));
        }

        int columns() {
            return terms.size() + others[0].length;
        }

        double[][] rows() {
            double[][] rows = new double[points.size()][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row(points.get(i).x(), points.get(i).y(), others[i]);
            }
            return rows;
        }

        double[] meansOfOthers() {
            double[] means = new double[others[0].length];
            for (double[] row : others) {
                for (int column = 0; column < means.length; column++) {
                    means[column] += row[column] / others.length;
                }
            }
            return means;
        }

        double[] row(double onX, double onY, double[] ofOthers) {
            double a = x.at(onX);
            double b = y.at(onY);
            return DoubleStream.concat(terms.stream().mapToDouble(term -> term.at(a, b)), Arrays.stream(ofOthers))
                    .toArray();
        }
    }

    private static int levels(List<Point> points, ToDoubleFunction<Point> axis) {
        return (int) points.stream().mapToDouble(axis).distinct().count();
    }

    /** The columns of what else varies, a row a point. */
    private static double[][] others(List<Point> points) {
        List<double[]> columns = new ArrayList<>();
        for (int other = 0; other < points.get(0).others().size(); other++) {
            int each = other;
            ToDoubleFunction<Point> axis = point -> point.others().get(each);
            int levels = levels(points, axis);
            Scaling scaling = Scaling.of(points, axis);
            double[] column = points.stream()
                    .mapToDouble(point -> scaling.at(axis.applyAsDouble(point)))
                    .toArray();
            if (levels > 1) {
                columns.add(column);
            }
            if (levels > 2) {
                columns.add(Arrays.stream(column).map(value -> value * value).toArray());
            }
        }
        double[][] rows = new double[points.size()][columns.size()];
        for (int column = 0; column < columns.size(); column++) {
            for (int row = 0; row < rows.length; row++) {
                rows[row][column] = columns.get(column)[row];
            }
        }
        return rows;
    }

    /** With effects that add up to 0 over the seeds, so that the surface is that of an average one. */
    private static double[][] withSeeds(double[][] rows, List<Point> points, List<Seed> seeds) {
        double[][] with = new double[rows.length][];
        for (int row = 0; row < rows.length; row++) {
            int own = rows[row].length;
            int number = seeds.indexOf(points.get(row).seed());
            with[row] = Arrays.copyOf(rows[row], own + seeds.size() - 1);
            for (int i = 0; i < seeds.size() - 1; i++) {
                with[row][own + i] = number == seeds.size() - 1 ? -1 : number == i ? 1 : 0;
            }
        }
        return with;
    }

    /**
     * Ordinary least squares.
     *
     * @param inverse of the columns' products
     */
    private record Fit(double[] coefficients, RealMatrix inverse, double residualSquares, int degreesOfFreedom) {
        private static final double SINGULAR = 1e-10;

        /** Nothing where the columns depend on each other, or no degree of freedom is left. */
        static Optional<Fit> of(double[][] rows, double[] values) {
            int degreesOfFreedom = rows.length - rows[0].length;
            if (degreesOfFreedom < 1) {
                return Optional.empty();
            }
            OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression(SINGULAR);
            regression.setNoIntercept(true);
            regression.newSampleData(values, rows);
            try {
                return Optional.of(new Fit(
                        regression.estimateRegressionParameters(),
                        new Array2DRowRealMatrix(regression.estimateRegressionParametersVariance(), false),
                        regression.calculateResidualSumOfSquares(),
                        degreesOfFreedom));
            } catch (SingularMatrixException e) {
                return Optional.empty();
            }
        }

        double variance() {
            return residualSquares / degreesOfFreedom;
        }
    }

    /** The F test of what the polynomial leaves beside what seeds leave of each place's own mean. */
    private static @Nullable Double lackOfFit(List<Point> points, List<Seed> seeds, double[] values, Fit fit) {
        List<List<Double>> places =
                points.stream().map(ResponseSurface::place).distinct().toList();
        double[][] rows = new double[points.size()][places.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i][places.indexOf(place(points.get(i)))] = 1;
        }
        Fit own = Fit.of(withSeeds(rows, points, seeds), values).orElse(null);
        if (own == null || own.degreesOfFreedom() >= fit.degreesOfFreedom() || own.variance() == 0) {
            return null;
        }
        int between = fit.degreesOfFreedom() - own.degreesOfFreedom();
        double lack = Math.max(0, fit.residualSquares() - own.residualSquares()) / between;
        FDistribution byNoise = new FDistribution(null, between, own.degreesOfFreedom());
        return 1 - byNoise.cumulativeProbability(lack / own.variance());
    }

    private static List<Double> place(Point point) {
        List<Double> place = new ArrayList<>(List.of(point.x(), point.y()));
        place.addAll(point.others());
        return place;
    }

    /** The surface somewhere on the axes, with what else varies at its mean. */
    public Estimate at(double onX, double onY) {
        // An average seed has no effect.
        double[] row = Arrays.copyOf(design.row(onX, onY, meansOfOthers), fit.coefficients().length);
        RealVector place = new ArrayRealVector(row, false);
        double variance = place.dotProduct(fit.inverse().operate(place)) * fit.variance();
        return new Estimate(
                place.dotProduct(new ArrayRealVector(fit.coefficients(), false)), t * Math.sqrt(Math.max(0, variance)));
    }

    /** What is left of a trial's value, a standard deviation. */
    public double residualSd() {
        return Math.sqrt(fit.variance());
    }

    /**
     * How likely the places' means would lie as far off the surface by noise alone; null where no place has several seeds. Where
     * it is small the surface is too smooth for what was measured, and its intervals are too narrow.
     */
    public @Nullable Double lackOfFitP() {
        return lackOfFitP;
    }
}
