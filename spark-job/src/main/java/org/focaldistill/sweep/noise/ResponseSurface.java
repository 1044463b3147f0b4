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
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularMatrixException;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.focaldistill.sweep.Seed;
import org.jspecify.annotations.Nullable;

/**
 * A quantity over two axes as a polynomial of second order, fitted by least squares to trials anywhere in them: the response
 * surface of Box and Wilson (1951). Seeds are blocks; what else varies enters by itself and its square, and is held at its
 * mean. An axis with two values has no square, one with a single value is no axis.
 */
public final class ResponseSurface {
    private final Scaling x;
    private final Scaling y;
    private final List<Term> terms;
    private final double[] othersMean;
    private final RealVector coefficients;
    private final RealMatrix inverse;
    private final double residualSquares;
    private final int degreesOfFreedom;
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

    private ResponseSurface(
            Scaling x,
            Scaling y,
            List<Term> terms,
            double[] othersMean,
            RealVector coefficients,
            RealMatrix inverse,
            double residualSquares,
            int degreesOfFreedom,
            @Nullable Double lackOfFitP) {
        this.x = x;
        this.y = y;
        this.terms = terms;
        this.othersMean = othersMean;
        this.coefficients = coefficients;
        this.inverse = inverse;
        this.residualSquares = residualSquares;
        this.degreesOfFreedom = degreesOfFreedom;
        this.lackOfFitP = lackOfFitP;
    }

    /**
     * Fits.
     *
     * @return nothing where the points do not determine it: an axis does not vary, or there are not more places than numbers to
     *     fit; nor where data seeds are crossed with init seeds, which are no blocks
     */
    public static Optional<ResponseSurface> of(List<Point> points) {
        int ofX = levels(points, Point::x);
        int ofY = levels(points, Point::y);
        if (ofX < 2 || ofY < 2 || areCrossed(points)) {
            return Optional.empty();
        }
        Scaling x = Scaling.of(points, Point::x);
        Scaling y = Scaling.of(points, Point::y);
        long places = points.stream().map(ResponseSurface::place).distinct().count();
        List<Term> terms = new ArrayList<>(List.of((a, b) -> 1, (a, b) -> a, (a, b) -> b));
        if (places > 4) {
            terms.add((a, b) -> a * b);
        }
        if (ofX > 2) {
            terms.add((a, b) -> a * a);
        }
        if (ofY > 2) {
            terms.add((a, b) -> b * b);
        }
        List<Seed> seeds = points.stream().map(Point::seed).distinct().sorted().toList();
        double[][] others = others(points);
        if (places <= terms.size() + others[0].length) {
            return Optional.empty();
        }
        double[][] rows = new double[points.size()][];
        for (int i = 0; i < rows.length; i++) {
            Point point = points.get(i);
            double[] surface = at(terms, x.at(point.x()), y.at(point.y()), others[i]);
            rows[i] = Arrays.copyOf(surface, surface.length + seeds.size() - 1);
            addSeed(rows[i], surface.length, seeds, point.seed());
        }
        double[] values = points.stream().mapToDouble(Point::value).toArray();
        Optional<Fit> fit = Fit.of(rows, values);
        return fit.filter(found -> found.degreesOfFreedom() > 0)
                .map(found -> new ResponseSurface(
                        x,
                        y,
                        List.copyOf(terms),
                        means(others),
                        found.coefficients(),
                        found.inverse(),
                        found.residualSquares(),
                        found.degreesOfFreedom(),
                        lackOfFit(points, seeds, values, found)));
    }

    private static boolean areCrossed(List<Point> points) {
        long data = points.stream().map(point -> point.seed().data()).distinct().count();
        long init = points.stream().map(point -> point.seed().init()).distinct().count();
        long seeds = points.stream().map(Point::seed).distinct().count();
        return data > 1 && init > 1 && (data < seeds || init < seeds);
    }

    private static int levels(List<Point> points, ToDoubleFunction<Point> axis) {
        return (int) points.stream().mapToDouble(axis).distinct().count();
    }

    private static double[] at(List<Term> terms, double x, double y, double[] others) {
        return DoubleStream.concat(terms.stream().mapToDouble(term -> term.at(x, y)), Arrays.stream(others))
                .toArray();
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

    private static double[] means(double[][] rows) {
        double[] means = new double[rows[0].length];
        for (double[] row : rows) {
            for (int column = 0; column < means.length; column++) {
                means[column] += row[column] / rows.length;
            }
        }
        return means;
    }

    /** Effects that add up to 0 over the seeds, so that the surface is that of an average one. */
    private static void addSeed(double[] row, int from, List<Seed> seeds, Seed seed) {
        int number = seeds.indexOf(seed);
        for (int i = 0; i < seeds.size() - 1; i++) {
            row[from + i] = number == seeds.size() - 1 ? -1 : number == i ? 1 : 0;
        }
    }

    /** Ordinary least squares. */
    private record Fit(RealVector coefficients, RealMatrix inverse, double residualSquares, int degreesOfFreedom) {
        static Optional<Fit> of(double[][] rows, double[] values) {
            int columns = rows[0].length;
            if (rows.length < columns) {
                return Optional.empty();
            }
            RealMatrix design = new Array2DRowRealMatrix(rows, false);
            RealVector target = new ArrayRealVector(values, false);
            try {
                RealVector coefficients =
                        new QRDecomposition(design, 1e-10).getSolver().solve(target);
                RealVector left = target.subtract(design.operate(coefficients));
                RealMatrix inverse = new SingularValueDecomposition(
                                design.transpose().multiply(design))
                        .getSolver()
                        .getInverse();
                return Optional.of(new Fit(coefficients, inverse, left.dotProduct(left), rows.length - columns));
            } catch (SingularMatrixException e) {
                return Optional.empty();
            }
        }
    }

    /** The F test of what the polynomial leaves beside what seeds leave of each place's own mean. */
    private static @Nullable Double lackOfFit(List<Point> points, List<Seed> seeds, double[] values, Fit fit) {
        List<List<Double>> places =
                points.stream().map(ResponseSurface::place).distinct().toList();
        double[][] rows = new double[points.size()][places.size() + seeds.size() - 1];
        for (int i = 0; i < rows.length; i++) {
            Point point = points.get(i);
            rows[i][places.indexOf(place(point))] = 1;
            addSeed(rows[i], places.size(), seeds, point.seed());
        }
        Fit own = Fit.of(rows, values).orElse(null);
        if (own == null || own.degreesOfFreedom() == 0 || own.degreesOfFreedom() >= fit.degreesOfFreedom()) {
            return null;
        }
        double noise = own.residualSquares() / own.degreesOfFreedom();
        int between = fit.degreesOfFreedom() - own.degreesOfFreedom();
        double lack = Math.max(0, fit.residualSquares() - own.residualSquares()) / between;
        return noise == 0
                ? null
                : (Double) (1
                        - new FDistribution(null, between, own.degreesOfFreedom()).cumulativeProbability(lack / noise));
    }

    private static List<Double> place(Point point) {
        List<Double> place = new ArrayList<>(List.of(point.x(), point.y()));
        place.addAll(point.others());
        return place;
    }

    /** The surface somewhere on the axes. */
    public Estimate at(double onX, double onY) {
        double[] surface = at(terms, x.at(onX), y.at(onY), othersMean);
        RealVector row = new ArrayRealVector(Arrays.copyOf(surface, coefficients.getDimension()), false);
        double variance = row.dotProduct(inverse.operate(row)) * residualSquares / degreesOfFreedom;
        double t = new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(1 - Comparison.LEVEL / 2);
        return new Estimate(row.dotProduct(coefficients), t * Math.sqrt(Math.max(0, variance)));
    }

    /** What is left of a trial's value, a standard deviation. */
    public double residualSd() {
        return Math.sqrt(residualSquares / degreesOfFreedom);
    }

    /** Of {@link #residualSd}. */
    public int degreesOfFreedom() {
        return degreesOfFreedom;
    }

    /**
     * How likely the places' means would lie as far off the surface by noise alone; null where no place has several seeds. Where
     * it is small the surface is too smooth for what was measured, and its intervals are too narrow.
     */
    public @Nullable Double lackOfFitP() {
        return lackOfFitP;
    }
}
