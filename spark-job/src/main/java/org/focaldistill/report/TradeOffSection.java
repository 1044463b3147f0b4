package org.focaldistill.report;

import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;

import j2html.tags.specialized.SectionTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.focaldistill.report.Curves.Look;
import org.focaldistill.report.Curves.Point;
import org.focaldistill.report.SweepResults.Finished;

/** Accuracy against calibration and against what training costs, all pairs' cells in one picture. */
final class TradeOffSection implements Section {
    private static final String HOW =
            "A point a cell, the mean of its seeds. The line joins those that no other cell beats in"
                    + " both, by their means: chance moves cells on and off it. Seconds are those of a slot that trains one trial;"
                    + " trials that share a slot or a card, or ran on different machines, do not compare.";

    private final Map<String, List<Cell>> byPanel;

    /** The means of a cell's seeds; accuracy and calibration error in percent, seconds of training. */
    private record Cell(String panel, String name, double top1, double ece, double seconds) {
        String describe() {
            return panel + "\n" + name + "\n" + Quantity.TEST_TOP1.title() + " " + Quantity.TEST_TOP1.format(top1)
                    + "\n"
                    + Quantity.TEST_ECE.title() + " " + Quantity.TEST_ECE.format(ece) + "\n"
                    + Decimals.fixed(seconds, 0) + " s";
        }
    }

    private TradeOffSection(Map<String, List<Cell>> byPanel) {
        this.byPanel = byPanel;
    }

    static TradeOffSection of(List<Panel> panels) {
        Map<String, List<Cell>> byPanel = new LinkedHashMap<>();
        for (Panel panel : panels) {
            Map<String, List<Finished>> cells = new LinkedHashMap<>();
            panel.trials()
                    .forEach(trial -> cells.computeIfAbsent(
                                    Findings.name(Panel.weights(trial)), name -> new ArrayList<>())
                            .add(trial));
            cells.forEach((name, trials) -> add(byPanel, panel.title(), name, trials));
        }
        return new TradeOffSection(byPanel);
    }

    private static void add(Map<String, List<Cell>> byPanel, String panel, String name, List<Finished> trials) {
        SummaryStatistics top1 = new SummaryStatistics();
        SummaryStatistics ece = new SummaryStatistics();
        SummaryStatistics seconds = new SummaryStatistics();
        for (Finished trial : trials) {
            Double accuracy = Quantity.TEST_TOP1.of(trial.outcome());
            Double error = Quantity.TEST_ECE.of(trial.outcome());
            if (accuracy != null && error != null) {
                top1.addValue(accuracy);
                ece.addValue(error);
                seconds.addValue(trial.outcome().run().trainSeconds());
            }
        }
        if (top1.getN() > 0) {
            byPanel.computeIfAbsent(panel, key -> new ArrayList<>())
                    .add(new Cell(panel, name, top1.getMean(), ece.getMean(), seconds.getMean()));
        }
    }

    boolean isEmpty() {
        return byPanel.isEmpty();
    }

    List<Chart> charts() {
        return List.of(
                chart("pareto-ece", "Accuracy against calibration error", Quantity.TEST_ECE.title(), Cell::ece),
                chart("pareto-seconds", "Accuracy against seconds of training", "seconds of training", Cell::seconds));
    }

    private Chart chart(String slug, String title, String right, ToDoubleFunction<Cell> cost) {
        Curves curves = new Curves(right, Quantity.TEST_TOP1.title()).size(520, 400);
        byPanel.forEach((panel, cells) -> curves.add(panel, Look.POINTS, points(cells, cost)));
        curves.add("not beaten in both", Look.LINE, points(front(cost), cost));
        return curves.chart(slug, title);
    }

    private List<Cell> front(ToDoubleFunction<Cell> cost) {
        List<Cell> all = byPanel.values().stream().flatMap(List::stream).toList();
        return ParetoFront.of(all, cell -> -cost.applyAsDouble(cell), Cell::top1);
    }

    private static List<Point> points(List<Cell> cells, ToDoubleFunction<Cell> cost) {
        return cells.stream()
                .map(cell -> new Point(cost.applyAsDouble(cell), cell.top1(), cell.describe()))
                .toList();
    }

    @Override
    public String id() {
        return "trade-offs";
    }

    @Override
    public String link() {
        return "Accuracy, calibration and cost";
    }

    @Override
    public SectionTag html() {
        return section(h2(link()), p(HOW).withClass("soft"), Chart.gallery(id(), charts()), grid().html());
    }

    @Override
    public String markdown() {
        return "\n## " + link() + "\n\n" + HOW + "\n\n" + grid().markdown();
    }

    /** The cells that are on one of the lines. */
    private TextGrid grid() {
        TextGrid grid = new TextGrid(List.of(
                "cell", "of", Quantity.TEST_TOP1.title(), Quantity.TEST_ECE.title(), "seconds", "not beaten in"));
        List<Cell> byEce = front(Cell::ece);
        List<Cell> bySeconds = front(Cell::seconds);
        List<Cell> both = new ArrayList<>(byEce);
        bySeconds.stream().filter(cell -> !byEce.contains(cell)).forEach(both::add);
        for (Cell cell : both) {
            String in =
                    byEce.contains(cell) ? bySeconds.contains(cell) ? "calibration and cost" : "calibration" : "cost";
            grid.add(List.of(
                    cell.name(),
                    cell.panel(),
                    Quantity.TEST_TOP1.format(cell.top1()),
                    Quantity.TEST_ECE.format(cell.ece()),
                    Decimals.fixed(cell.seconds(), 0),
                    in));
        }
        return grid;
    }
}
