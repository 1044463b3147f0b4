package org.focaldistill.sweep.noise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.FDistribution;
import org.apache.commons.math3.linear.SingularMatrixException;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Seed;
import org.jspecify.annotations.Nullable;

/**
 * Least-squares fit of {@code value = mean + alpha's level + gamma's level + seed + rest} to a grid. The rest holds the
 * noise and whatever alpha and gamma do only together; both widen the intervals. What {@link Noise} has for it where seeds
 * are crossed stands for the noise.
 *
 * @param alpha effects of alpha; null when the grid has one alpha
 * @param gamma effects of gamma; null when the grid has one gamma
 * @param restSd standard deviation of the rest
 * @param degreesOfFreedom of {@code restSd}
 * @param interactionP how likely the cells stray this far from alpha's and gamma's sum by noise alone; null with one
 *     seed, where noise and straying are the same
 * @param seeds how many seeds were fitted
 */
public record TwoWayFit(
        @Nullable FactorEffects alpha,
        @Nullable FactorEffects gamma,
        double restSd,
        double degreesOfFreedom,
        @Nullable Double interactionP,
        int seeds) {

    /**
     * Fits.
     *
     * @param measured finite values by grid cell and seed
     * @return nothing where the grid is too small or has too many gaps to tell the effects apart
     */
    public static Optional<TwoWayFit> of(Map<LossWeights, Map<Seed, Double>> measured) {
        SeedTable<LossWeights> table = SeedTable.of(measured, null);
        if (table == null) {
            return Optional.empty();
        }
        Design design = new Design(table);
        if (design.rows.size() <= design.columns() || (design.alphas.isEmpty() && design.gammas.isEmpty())) {
            return Optional.empty();
        }
        try {
            return Optional.of(design.fit());
        } catch (SingularMatrixException e) {
            // Gaps in the grid leave some levels without a cell in common.
            return Optional.empty();
        }
    }

    /** The table as rows of a regression, with a column for every level and seed but the first. */
    private static final class Design {
        private static final double SINGULAR = 1e-9;

        private final SeedTable<LossWeights> table;
        private final List<Double> alphas;
        private final List<Double> gammas;
        private final List<Row> rows = new ArrayList<>();

        private record Row(LossWeights cell, int seed, double value) {}

        Design(SeedTable<LossWeights> table) {
            this.table = table;
            this.alphas = levelsAboveLowest(LossWeights::alpha);
            this.gammas = levelsAboveLowest(LossWeights::gamma);
            for (int cell = 0; cell < table.cells().size(); cell++) {
                for (int seed = 0; seed < table.seeds().size(); seed++) {
                    rows.add(new Row(table.cells().get(cell), seed, table.value(cell, seed)));
                }
            }
        }

        private List<Double> levelsAboveLowest(ToDoubleFunction<LossWeights> weight) {
            TreeSet<Double> levels = new TreeSet<>(Comparator.naturalOrder());
            table.cells().forEach(cell -> levels.add(weight.applyAsDouble(cell)));
            levels.pollFirst();
            return List.copyOf(levels);
        }

        int columns() {
            return 1 + alphas.size() + gammas.size() + table.seeds().size() - 1;
        }

        TwoWayFit fit() {
            OLSMultipleLinearRegression whole = regression(true, true);
            double squares = whole.calculateResidualSumOfSquares();
            Rest rest = rest(squares);
            double[] beta = whole.estimateRegressionParameters();
            double[][] inverse = whole.estimateRegressionParametersVariance();
            return new TwoWayFit(
                    alphas.isEmpty() ? null : effects(alphas, 1, beta, inverse, rest, regression(false, true), squares),
                    gammas.isEmpty()
                            ? null
                            : effects(gammas, 1 + alphas.size(), beta, inverse, rest, regression(true, false), squares),
                    Math.sqrt(rest.square.value()),
                    rest.square.degreesOfFreedom(),
                    rest.interactionP,
                    table.seeds().size());
        }

        private record Rest(MeanSquare square, @Nullable Double interactionP) {}

        /** From the sum of squares that the effects leave: the cells' straying and the noise, each by its degrees of freedom. */
        private Rest rest(double squares) {
            int df = rows.size() - columns();
            Noise noise = Noise.of(table);
            if (noise == null) {
                return new Rest(MeanSquare.of(squares, df), null);
            }
            int together = df - (table.cells().size() - 1) * (table.seeds().size() - 1);
            double straying = Math.max(0, squares - Residuals.squares(table.residuals()));
            double all = noise.degreesOfFreedom() + together;
            MeanSquare square = new MeanSquare((straying + noise.meanSquare() * noise.degreesOfFreedom()) / all, all);
            double f = straying / together / noise.meanSquare();
            return new Rest(
                    square,
                    together < 1 || Double.isNaN(f) ? null : (Double) upperTail(f, together, noise.degreesOfFreedom()));
        }

        private OLSMultipleLinearRegression regression(boolean withAlpha, boolean withGamma) {
            double[] y = rows.stream().mapToDouble(Row::value).toArray();
            double[][] x = rows.stream()
                    .map(row -> indicators(row, withAlpha, withGamma))
                    .toArray(double[][]::new);
            OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression(SINGULAR);
            if (x[0].length == 0) {
                // The library adds the mean's column itself, and refuses a design of nothing else.
                regression.setNoIntercept(true);
                x = rows.stream().map(row -> new double[] {1}).toArray(double[][]::new);
            }
            regression.newSampleData(y, x);
            return regression;
        }

        private double[] indicators(Row row, boolean withAlpha, boolean withGamma) {
            List<Double> columns = new ArrayList<>();
            if (withAlpha) {
                alphas.forEach(level -> columns.add(level == row.cell.alpha() ? 1.0 : 0.0));
            }
            if (withGamma) {
                gammas.forEach(level -> columns.add(level == row.cell.gamma() ? 1.0 : 0.0));
            }
            for (int seed = 1; seed < table.seeds().size(); seed++) {
                columns.add(seed == row.seed ? 1.0 : 0.0);
            }
            return columns.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private static FactorEffects effects(
                List<Double> levels,
                int firstColumn,
                double[] beta,
                double[][] inverse,
                Rest rest,
                OLSMultipleLinearRegression without,
                double squares) {
            double df = rest.square.degreesOfFreedom();
            double limit = new ManyToOne(levels.size(), df, true).quantile(1 - Comparison.LEVEL);
            List<FactorEffects.Level> effects = new ArrayList<>();
            for (int level = 0; level < levels.size(); level++) {
                int column = firstColumn + level;
                double error = Math.sqrt(rest.square.value() * inverse[column][column]);
                effects.add(new FactorEffects.Level(
                        levels.get(level), beta[column], Interval.around(beta[column], limit * error)));
            }
            double more = Math.max(0, without.calculateResidualSumOfSquares() - squares);
            double f = more == 0 ? 0 : more / levels.size() / rest.square.value();
            return new FactorEffects(effects, f, upperTail(f, levels.size(), df));
        }

        private static double upperTail(double f, double numerator, double denominator) {
            if (Double.isInfinite(f)) {
                return 0;
            }
            return 1 - new FDistribution(null, numerator, denominator).cumulativeProbability(f);
        }
    }
}
