package org.focaldistill.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.Curves.Look;
import org.focaldistill.report.Curves.Point;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;

/**
 * Training curves: finished cells, means over their seeds, and beside them open ones and ones that were stopped
 * early, each for itself.
 *
 * @param cells epochs of the finished trials by cell, in the order of the legend
 * @param highlighted the cells that have a colour; the others are grey
 * @param open each trial's epochs so far
 * @param stopped the epochs of trials that were stopped early
 */
record Courses(
        Map<LossWeights, List<EpochRow>> cells,
        List<LossWeights> highlighted,
        List<List<OpenEpochRow>> open,
        Map<Trial, List<EpochRow>> stopped) {
    private static final int MOST_OPEN_NAMED = 4;
    private static final int MOST_OPEN = 100;

    /** What of an epoch is drawn; null where there is none. */
    private interface Value extends Function<EpochRow, @Nullable Double> {}

    /** A chart a quantity. */
    List<Chart> charts() {
        List<Chart> charts = new ArrayList<>();
        add(
                charts,
                "train-total",
                "training loss, total at own weights",
                row -> row.train().total());
        add(charts, "train-ce", "training CE", row -> row.train().components().ce());
        add(
                charts,
                "val-ce",
                "validation CE",
                row -> row.validation() == null
                        ? null
                        : (Double) row.validation().components().ce());
        add(
                charts,
                "val-top1",
                "validation top-1 (%)",
                row -> row.valTop1() == null ? null : (Double) (100 * row.valTop1()));
        return charts;
    }

    private void add(List<Chart> charts, String slug, String what, Value value) {
        Curves curves = new Curves("epoch", what).wholeNumbers();
        cells.forEach((cell, epochs) -> {
            if (!highlighted.contains(cell)) {
                curves.add(Findings.name(cell), Look.BACKGROUND, points(Findings.name(cell), epochs, what, value));
            }
        });
        for (List<OpenEpochRow> course :
                open.subList(Math.min(MOST_OPEN_NAMED, open.size()), Math.min(MOST_OPEN, open.size()))) {
            addOpen(curves, Look.OPEN_BACKGROUND, course, what, value);
        }
        addStopped(curves, what, value);
        for (LossWeights cell : highlighted) {
            List<Point> points = points(Findings.name(cell), cells.getOrDefault(cell, List.of()), what, value);
            curves.add(Findings.name(cell), points.size() > Curves.MOST_MARKED ? Look.LINE : Look.BOTH, points);
        }
        for (List<OpenEpochRow> course : open.subList(0, Math.min(MOST_OPEN_NAMED, open.size()))) {
            addOpen(curves, Look.OPEN, course, what, value);
        }
        if (!curves.isEmpty()) {
            charts.add(curves.size(520, 400).chart("course-" + slug, what + " by epoch"));
        }
    }

    /** A grey line each, and a mark where it ended. */
    private void addStopped(Curves curves, String what, Value value) {
        List<Point> ends = new ArrayList<>();
        stopped.forEach((trial, epochs) -> {
            String name = OpenCourses.name(trial);
            List<Point> points = points(name, epochs, what, value);
            if (!points.isEmpty()) {
                curves.add(name, Look.BACKGROUND, points);
                ends.add(points.get(points.size() - 1).said("stopped early: "));
            }
        });
        if (!ends.isEmpty()) {
            curves.add("stopped early", Look.ENDS, ends);
        }
    }

    private static void addOpen(Curves curves, Look look, List<OpenEpochRow> course, String what, Value value) {
        String name = "open: " + OpenCourses.name(course.get(0).trial());
        List<EpochRow> epochs = course.stream().map(OpenEpochRow::epoch).toList();
        List<Point> points = points(name, epochs, what, value);
        if (!points.isEmpty()) {
            curves.add(name, look, points);
        }
    }

    private static List<Point> points(String name, List<EpochRow> epochs, String what, Value value) {
        Map<Integer, SummaryStatistics> byEpoch = new TreeMap<>();
        for (EpochRow row : epochs) {
            Double found = value.apply(row);
            if (found != null && Double.isFinite(found)) {
                byEpoch.computeIfAbsent(row.epoch(), epoch -> new SummaryStatistics())
                        .addValue(found);
            }
        }
        List<Point> points = new ArrayList<>();
        byEpoch.forEach((epoch, over) -> points.add(new Point(
                epoch,
                over.getMean(),
                name + "\nepoch " + epoch + ": " + what + " " + Decimals.fixed(over.getMean(), 3))));
        return points;
    }
}
