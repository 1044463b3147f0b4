package org.focaldistill.report;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.NumericSetting;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.noise.ResponseSurface;
import org.focaldistill.sweep.noise.ResponseSurface.Estimate;
import org.focaldistill.sweep.noise.ResponseSurface.Point;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.DefaultXYDataset;
import org.jfree.data.xy.DefaultXYZDataset;

/**
 * A quantity fitted over two axes, with its trials.
 *
 * @param first the axis to the right
 * @param second the axis upwards
 * @param points the trials, on scaled axes
 */
record Surface(Quantity quantity, Scaled first, Scaled second, int others, List<Point> points, ResponseSurface fit) {
    private static final int BLOCKS = 40;
    private static final int WIDTH = 460;
    private static final int HEIGHT = 380;

    /**
     * An axis as it is shown.
     *
     * @param log whether by the logarithm to base 10
     */
    record Scaled(NumericSetting axis, boolean log) {
        static Scaled of(NumericSetting axis, List<Trial> trials) {
            return new Scaled(axis, NumericSetting.isWide(trials.stream().mapToDouble(axis::of)));
        }

        double of(Trial trial) {
            return log ? Math.log10(axis.of(trial)) : axis.of(trial);
        }

        String title() {
            return log ? axis.word() + ", power of ten" : axis.word();
        }

        /** A place on it, as the configuration has it. */
        String text(double place) {
            double value = log ? Math.pow(10, place) : place;
            return Decimals.compact(
                    new BigDecimal(value).round(new MathContext(3)).doubleValue());
        }
    }

    /** Fits a quantity to trials that share all but axes and seeds; nothing where they do not determine it. */
    static Optional<Surface> of(
            Quantity quantity, NumericSetting first, NumericSetting second, List<Finished> finished) {
        List<Finished> measured = finished.stream()
                .filter(each -> quantity.of(each.outcome()) != null)
                .toList();
        List<Trial> trials =
                measured.stream().map(each -> each.outcome().trial()).toList();
        if (trials.isEmpty()) {
            return Optional.empty();
        }
        Scaled right = Scaled.of(first, trials);
        Scaled up = Scaled.of(second, trials);
        List<Scaled> others = NumericSetting.varied(trials).stream()
                .filter(axis -> axis != first && axis != second)
                .map(axis -> Scaled.of(axis, trials))
                .toList();
        List<Point> points = new ArrayList<>();
        for (Finished each : measured) {
            Trial trial = each.outcome().trial();
            Double value = quantity.of(each.outcome());
            points.add(new Point(
                    right.of(trial),
                    up.of(trial),
                    others.stream().map(axis -> axis.of(trial)).toList(),
                    trial.seed(),
                    value == null ? Double.NaN : value));
        }
        return ResponseSurface.of(points)
                .map(fit -> new Surface(quantity, right, up, others.size(), List.copyOf(points), fit));
    }

    /** What it says, in words. */
    String sentence() {
        double[] best = best();
        Estimate there = fit.at(best[0], best[1]);
        Double lack = fit.lackOfFitP();
        return quantity.title() + ": fitted to " + points.size() + " trials, of their places best at "
                + first.axis().word() + " "
                + first.text(best[0]) + ", " + second.axis().word() + " " + second.text(best[1]) + " with "
                + quantity.format(there.mean()) + (others == 0 ? "" : ", what else varies at its mean")
                + "; trials scatter about the surface by " + quantity.format(fit.residualSd()) + "."
                + (lack == null
                        ? " Whether it is too smooth these trials do not tell."
                        : lack < 0.05
                                ? " The trials' means lie further off than noise explains (p = " + Decimals.p(lack)
                                        + "): it is too smooth, and its intervals are too narrow."
                                : "");
    }

    /** The place of a trial where it is best; elsewhere it would be a guess. */
    private double[] best() {
        double[] best = {Double.NaN, Double.NaN};
        double value = Double.NEGATIVE_INFINITY;
        for (Point point : points) {
            double gain = quantity.better().gain(fit.at(point.x(), point.y()).mean());
            if (gain > value) {
                value = gain;
                best = new double[] {point.x(), point.y()};
            }
        }
        return best;
    }

    /** The fitted mean, and half the width of its interval. */
    List<Chart> charts() {
        String slug = quantity.slug() + "-over-" + first.axis().word() + "-"
                + second.axis().word();
        List<double[]> places = places();
        List<Estimate> estimates =
                places.stream().map(place -> fit.at(place[0], place[1])).toList();
        return List.of(
                chart("surface-" + slug, quantity.title() + ", fitted", places, estimates, Estimate::mean),
                chart("reach-" + slug, "95 % interval of it, ±", places, estimates, Estimate::reach));
    }

    private Chart chart(
            String slug,
            String title,
            List<double[]> places,
            List<Estimate> estimates,
            ToDoubleFunction<Estimate> shown) {
        double[][] blocks = new double[3][places.size()];
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < places.size(); i++) {
            double value = shown.applyAsDouble(estimates.get(i));
            blocks[0][i] = places.get(i)[0];
            blocks[1][i] = places.get(i)[1];
            blocks[2][i] = value;
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        ColorScale scale = ColorScale.over(least, most);
        DefaultXYZDataset fitted = new DefaultXYZDataset();
        fitted.addSeries("fitted", blocks);
        XYBlockRenderer renderer = new XYBlockRenderer();
        renderer.setPaintScale(scale);
        renderer.setBlockWidth(size(Point::x));
        renderer.setBlockHeight(size(Point::y));
        XYPlot plot = new XYPlot(fitted, axis(first, Point::x), axis(second, Point::y), renderer);
        addTrials(plot);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlinePaint(Chart.LINES);
        JFreeChart chart = new JFreeChart(null, Chart.font(12), plot, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(8, 8, 8, 8));
        chart.addSubtitle(HeatMap.colors(scale, title));
        return new Chart(
                slug,
                title + " over " + first.axis().word() + " and " + second.axis().word(),
                sentence(),
                chart,
                WIDTH,
                HEIGHT);
    }

    /** A ring where trials are; of several at one place one. */
    private void addTrials(XYPlot plot) {
        Map<List<Double>, Point> there = new LinkedHashMap<>();
        points.forEach(point -> there.putIfAbsent(List.of(point.x(), point.y()), point));
        List<Point> rings = List.copyOf(there.values());
        double[][] places = new double[2][rings.size()];
        for (int i = 0; i < rings.size(); i++) {
            places[0][i] = rings.get(i).x();
            places[1][i] = rings.get(i).y();
        }
        DefaultXYDataset dataset = new DefaultXYDataset();
        dataset.addSeries("trials", places);
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        renderer.setSeriesShape(0, new Ellipse2D.Double(-3, -3, 6, 6));
        renderer.setSeriesShapesFilled(0, false);
        renderer.setSeriesPaint(0, Chart.INK);
        renderer.setDefaultToolTipGenerator((data, series, item) -> tip(rings.get(item)));
        plot.setDataset(1, dataset);
        plot.setRenderer(1, renderer);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    }

    private String tip(Point point) {
        Estimate here = fit.at(point.x(), point.y());
        return first.axis().word() + " " + first.text(point.x()) + ", "
                + second.axis().word() + " "
                + second.text(point.y()) + "\nfitted " + quantity.format(here.mean()) + " ± "
                + quantity.format(here.reach());
    }

    private NumberAxis axis(Scaled scaled, Function<Point, Double> place) {
        NumberAxis axis = new NumberAxis(scaled.title());
        axis.setNumberFormatOverride(Ticks.PLAIN);
        double half = size(place) / 2;
        axis.setRange(least(place) - half, most(place) + half);
        HeatMap.style(axis);
        return axis;
    }

    private List<double[]> places() {
        List<double[]> places = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            for (int j = 0; j < BLOCKS; j++) {
                places.add(new double[] {least(Point::x) + i * size(Point::x), least(Point::y) + j * size(Point::y)});
            }
        }
        return places;
    }

    private double least(Function<Point, Double> place) {
        return points.stream().mapToDouble(place::apply).min().orElseThrow();
    }

    private double most(Function<Point, Double> place) {
        return points.stream().mapToDouble(place::apply).max().orElseThrow();
    }

    private double size(Function<Point, Double> place) {
        return (most(place) - least(place)) / (BLOCKS - 1);
    }
}
