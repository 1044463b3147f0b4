package org.focaldistill.report;

import java.util.List;
import java.util.Map;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepTable.Cell;
import org.jspecify.annotations.Nullable;

/**
 * Differences of the grid's cells from the baseline: red above zero, blue below.
 *
 * @param grid whose cells
 * @param valueTitle what the differences are of
 * @param slug part of a file's name
 * @param differences by weights, in nats; a cell without one is shown as unfinished
 * @param range the largest absolute value of the colours
 */
record DifferenceGrid(
        SweepTable grid, String valueTitle, String slug, Map<LossWeights, Double> differences, double range)
        implements CellGrid {

    @Override
    public String title() {
        return valueTitle + ": " + grid.panel().title();
    }

    @Override
    public String settings() {
        return grid.settings();
    }

    @Override
    public List<Double> alphas() {
        return grid.alphas();
    }

    @Override
    public List<Double> gammas() {
        return grid.gammas();
    }

    @Override
    public @Nullable Cell cell(double alpha, double gamma) {
        Cell cell = grid.cell(alpha, gamma);
        return cell == null
                ? null
                : new Cell(
                        cell.weights(), differences.get(cell.weights()), cell.seeds(), cell.diverged(), cell.stopped());
    }

    @Override
    public String show(@Nullable Cell cell) {
        Double mean = cell == null ? null : cell.mean();
        return mean == null ? grid.show(cell) : Decimals.signed(mean, 3);
    }

    @Override
    public ColorScale scale() {
        return ColorScale.over(-range, range);
    }
}
