package org.focaldistill.report;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;

import j2html.tags.specialized.DivTag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.YardstickSplit;
import org.jspecify.annotations.Nullable;

/** Differences of a grid's cells from the baseline in total loss: the yardstick's part beside what was learned. */
final class YardstickMaps {
    private final List<Chart> charts;

    /** @param grids the panel's tables; without one of total loss, or without splits, there are no maps */
    YardstickMaps(List<SweepTable> grids, Findings findings) {
        SweepTable grid = grids.stream()
                .filter(table -> table.quantity() == Quantity.TEST_LOSS)
                .findFirst()
                .orElse(null);
        Map<LossWeights, YardstickSplit> splits = findings.yardsticks();
        this.charts = grid == null || splits.isEmpty() ? List.of() : maps(grid, splits, findings);
    }

    /** The yardstick's part and what was learned, in this order, on one scale; empty where there is no split. */
    List<Chart> charts() {
        return charts;
    }

    private static List<Chart> maps(SweepTable grid, Map<LossWeights, YardstickSplit> splits, Findings findings) {
        double range = splits.entrySet().stream()
                .filter(split ->
                        grid.cell(split.getKey().alpha(), split.getKey().gamma()) != null)
                .map(Map.Entry::getValue)
                .mapToDouble(split -> Math.max(Math.abs(split.yardstick()), Math.abs(split.learned())))
                .max()
                .orElse(0);
        return List.of(
                map(grid, "the yardstick's part", "yardstick", splits, YardstickSplit::yardstick, range, findings),
                map(grid, "what was learned", "learned", splits, YardstickSplit::learned, range, findings));
    }

    private static Chart map(
            SweepTable grid,
            String what,
            String slug,
            Map<LossWeights, YardstickSplit> splits,
            Function<YardstickSplit, Double> part,
            double range,
            Findings findings) {
        Map<LossWeights, Double> values = new LinkedHashMap<>();
        splits.forEach((cell, split) -> values.put(cell, part.apply(split)));
        return HeatMap.forPage(
                        new DifferenceGrid(grid, "test total loss, " + what, slug, values, range),
                        cell -> tip(splits.get(cell.weights()), cell.weights(), findings))
                .chart();
    }

    private static String tip(@Nullable YardstickSplit split, LossWeights cell, Findings findings) {
        if (split == null) {
            return Findings.name(cell) + "\nno value";
        }
        return Findings.name(cell) + "\ndifference in test total loss " + Decimals.signed(split.total(), 4)
                + "\nyardstick " + Decimals.signed(split.yardstick(), 4) + "\nlearned "
                + Decimals.signed(split.learned(), 4) + "\nbaseline: " + Findings.name(findings.baseline());
    }

    /** Why totals need the split. */
    static DivTag words() {
        return div(
                p("The total loss of a cell is measured with that cell's own weights, so two cells are two yardsticks."
                        + " With L = alpha D + beta C + gamma F, D the distillation term (T²KL unless the sweep has another form),"
                        + " C the CE of the labels, and beta = 1 - alpha, the very same network gives"),
                pre("dL/dgamma = F            (at least 0 for a correct focal loss)\ndL/dalpha = D - C"),
                p(
                        "So the optimum can not fall as gamma grows, and much of a heat map of totals is mechanical. Below, every"
                                + " cell's difference from the baseline b is split: first what the cell's weights w make of the"
                                + " baseline's own network, L(θb; w) - L(θb; wb), then what the cell learned otherwise, both"
                                + " networks measured with the cell's weights, L(θ; w) - L(θb; w). Both maps have one scale. The"
                                + " maps of CE and of the loss at alpha 0.5, beta 0.5 above use one yardstick for all."));
    }

    /** @param id the section's, with which the pictures' own begin */
    DivTag html(String id) {
        return charts.isEmpty()
                ? div(p("Without the baseline's result there is no split."))
                : div(
                                charts.get(0).figure(id, "Test total loss beside the baseline: the yardstick's part"),
                                charts.get(1).figure(id, "Test total loss beside the baseline: what was learned"))
                        .withClass("charts");
    }
}
