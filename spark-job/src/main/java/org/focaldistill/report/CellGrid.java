package org.focaldistill.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.focaldistill.report.SweepTable.Cell;
import org.jspecify.annotations.Nullable;

/** Numbers over alpha and gamma, as a heat map shows them. */
interface CellGrid {
    String title();

    /** What to know beside the title. */
    String settings();

    /** What the numbers are, with their unit. */
    String valueTitle();

    /** Part of a file's name. */
    String slug();

    /** The rows, ascending. */
    List<Double> alphas();

    /** The columns, ascending. */
    List<Double> gammas();

    /** The cell, or null when none of its trials is finished. */
    @Nullable Cell cell(double alpha, double gamma);

    /** What stands in the cell. */
    String show(@Nullable Cell cell);

    /** Colours from the least to the largest value; null when there is no value. */
    default @Nullable ColorScale scale() {
        DoubleSummaryStatistics range = new DoubleSummaryStatistics();
        for (double alpha : alphas()) {
            for (double gamma : gammas()) {
                Cell cell = cell(alpha, gamma);
                if (cell != null && cell.mean() != null) {
                    range.accept(cell.mean());
                }
            }
        }
        return range.getCount() == 0 ? null : ColorScale.over(range.getMin(), range.getMax());
    }
}
