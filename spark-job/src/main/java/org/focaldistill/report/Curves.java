package org.focaldistill.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jspecify.annotations.Nullable;

/** Lines and points in one picture. */
public final class Curves {
    /** More points of a line than this would hide it. */
    static final int MOST_MARKED = 30;

    private static final int TEXT = 13;

    private final List<Line> lines = new ArrayList<>();
    private final List<Double> marks = new ArrayList<>();
    private final String right;
    private final String up;

    private int width = 520;
    private int height = 340;
    private boolean logarithmic;
    private double @Nullable [] xRange;
    private double @Nullable [] yRange;
    private List<String> rows = List.of();
    private boolean wholeNumbers;
    private double xStep;
    private boolean paleWhereUncertain;
    private @Nullable XYPlot below;

    /** What is drawn of a line. */
    public enum Look {
        LINE,
        POINTS,
        BOTH,
        /** In short dashes, whatever its place: what is not complete. */
        OPEN,
        /** Thin and grey, without a place in the legend. */
        BACKGROUND,
        /** The same, dashed. */
        OPEN_BACKGROUND,
        /** Grey points where lines of the background end. */
        ENDS;

        boolean behind() {
            return this == BACKGROUND || this == OPEN_BACKGROUND || this == ENDS;
        }

        boolean open() {
            return this == OPEN || this == OPEN_BACKGROUND;
        }
    }

    /** One point; the interval runs upwards, or to the right where {@link Curves#rows} are named. */
    public record Point(double x, double y, double low, double high, String tip) {
        /** A point without an interval. */
        public Point(double x, double y, String tip) {
            this(x, y, Double.NaN, Double.NaN, tip);
        }

        /** The same point with something before its tip. */
        Point said(String before) {
            return new Point(x, y, low, high, before + tip);
        }
    }

    private record Line(String name, Look look, List<Point> points) {
        boolean marked() {
            return switch (look) {
                case POINTS, BOTH, ENDS -> true;
                case OPEN -> points.size() <= MOST_MARKED;
                case LINE, BACKGROUND, OPEN_BACKGROUND -> false;
            };
        }
    }

    /**
     * An empty picture.
     *
     * @param right what the axis to the right is
     * @param up what the axis upwards is
     */
    public Curves(String right, String up) {
        this.right = right;
        this.up = up;
    }

    /** One more line; later ones lie above. */
    public Curves add(String name, Look look, List<Point> points) {
        lines.add(new Line(name, look, List.copyOf(points)));
        return this;
    }

    /** A line at zero. */
    public Curves zero() {
        marks.add(0.0);
        return this;
    }

    /** The natural size in pixels. */
    public Curves size(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        return this;
    }

    /** A logarithmic axis to the right. */
    public Curves logarithmic() {
        logarithmic = true;
        return this;
    }

    /** What the axis to the right shows; else what the points need. */
    public Curves x(double low, double high) {
        xRange = new double[] {low, high};
        return this;
    }

    /** What lies between two ticks of the axis to the right; else as much as there is room for. */
    Curves xStep(double step) {
        xStep = step;
        return this;
    }

    /** What the axis upwards shows; else what the points need. */
    public Curves y(double low, double high) {
        yRange = new double[] {low, high};
        return this;
    }

    /** Counts to the right. */
    Curves wholeNumbers() {
        wholeNumbers = true;
        return this;
    }

    /** Names what y = 0, 1, ... are; intervals then run to the right. */
    Curves rows(List<String> names) {
        rows = List.copyOf(names);
        return this;
    }

    /** Points are the paler the wider their intervals, on an axis upwards from 0 to 1. */
    public Curves paleWhereUncertain() {
        paleWhereUncertain = true;
        return this;
    }

    /** A strip below that has the axis to the right, too. */
    Curves over(XYPlot strip) {
        below = strip;
        return this;
    }

    /** Whether there is anything to draw. */
    boolean isEmpty() {
        return lines.stream().allMatch(line -> line.points.isEmpty());
    }

    /**
     * Draws it.
     *
     * @param slug part of a file's name
     * @param title what it shows
     */
    public Chart chart(String slug, String title) {
        XYPlot plot = plot();
        JFreeChart chart = new JFreeChart(null, Chart.font(TEXT), below == null ? plot : over(plot, below), false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(6, 6, 4, 12));
        boolean several = lines.stream().filter(line -> !line.look.behind()).count() > 1;
        if (several || lines.stream().anyMatch(line -> line.look == Look.OPEN || line.look == Look.ENDS)) {
            LegendTitle legend = new LegendTitle(plot);
            legend.setItemFont(Chart.font(TEXT));
            legend.setItemPaint(Chart.INK);
            legend.setItemLabelPadding(new RectangleInsets(1, 3, 1, 12));
            legend.setPosition(RectangleEdge.BOTTOM);
            legend.setBackgroundPaint(Color.WHITE);
            chart.addSubtitle(legend);
        }
        return new Chart(slug, title, "", chart, width, height);
    }

    private XYPlot plot() {
        XYPlot plot = new XYPlot(null, rightAxis(), upAxis(), null);
        ground(plot);
        int drawn = 0;
        for (int index = 0; index < lines.size(); index++) {
            Line line = lines.get(index);
            plot.setDataset(index, dataset(line));
            plot.setRenderer(index, renderer(line, drawn));
            drawn += line.look.behind() ? 0 : 1;
        }
        for (double mark : marks) {
            ValueMarker marker = new ValueMarker(mark, Chart.INK, new BasicStroke(1.2f), null, null, 1);
            if (rows.isEmpty()) {
                plot.addRangeMarker(marker, Layer.BACKGROUND);
            } else {
                plot.addDomainMarker(marker, Layer.BACKGROUND);
            }
        }
        return plot;
    }

    private static XYPlot over(XYPlot above, XYPlot below) {
        CombinedDomainXYPlot both = new CombinedDomainXYPlot(above.getDomainAxis());
        both.setInsets(RectangleInsets.ZERO_INSETS);
        both.setGap(8);
        both.add(above, 5);
        both.add(below, 1);
        return both;
    }

    static void ground(XYPlot plot) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinePaint(new Color(0xdddddd));
        plot.setRangeGridlinePaint(new Color(0xdddddd));
        plot.setOutlinePaint(Chart.LINES);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        // What is added later lies above.
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    }

    private ValueAxis rightAxis() {
        if (logarithmic) {
            LogAxis axis = new LogAxis(right);
            axis.setNumberFormatOverride(Ticks.PLAIN);
            axis.setTickUnit(new NumberTickUnit(1));
            return styled(axis, xRange);
        }
        NumberAxis axis = new NumberAxis(right);
        axis.setNumberFormatOverride(Ticks.PLAIN);
        axis.setAutoRangeIncludesZero(false);
        // Else a point at zero would lie half outside.
        axis.setAutoRangeStickyZero(false);
        if (wholeNumbers) {
            axis.setStandardTickUnits(new NumberTickUnitSource(true));
        }
        if (xStep > 0) {
            axis.setTickUnit(new NumberTickUnit(xStep));
        }
        return styled(axis, xRange);
    }

    private ValueAxis upAxis() {
        if (!rows.isEmpty()) {
            SymbolAxis axis = new SymbolAxis(up, rows.toArray(String[]::new));
            axis.setGridBandsVisible(false);
            axis.setRange(-0.5, rows.size() - 0.5);
            return styled(axis, null);
        }
        NumberAxis axis = new NumberAxis(up);
        axis.setNumberFormatOverride(Ticks.PLAIN);
        axis.setAutoRangeIncludesZero(false);
        // Else a point at zero would lie half outside.
        axis.setAutoRangeStickyZero(false);
        return styled(axis, yRange);
    }

    static ValueAxis styled(ValueAxis axis, double @Nullable [] range) {
        Font font = Chart.font(TEXT);
        axis.setLabelFont(font);
        axis.setTickLabelFont(font);
        axis.setLabelPaint(Chart.INK);
        axis.setTickLabelPaint(Chart.INK);
        axis.setAxisLinePaint(Chart.LINES);
        if (range != null) {
            axis.setRange(range[0], range[1]);
        }
        return axis;
    }

    private XYIntervalSeriesCollection dataset(Line line) {
        XYIntervalSeries series = new XYIntervalSeries(line.name, false, true);
        for (Point point : line.points) {
            boolean interval = !Double.isNaN(point.low);
            boolean sideways = interval && !rows.isEmpty();
            boolean upright = interval && rows.isEmpty();
            series.add(
                    point.x,
                    sideways ? point.low : point.x,
                    sideways ? point.high : point.x,
                    point.y,
                    upright ? point.low : point.y,
                    upright ? point.high : point.y);
        }
        XYIntervalSeriesCollection dataset = new XYIntervalSeriesCollection();
        dataset.addSeries(series);
        return dataset;
    }

    private XYErrorRenderer renderer(Line line, int number) {
        boolean intervals = line.points.stream().anyMatch(point -> !Double.isNaN(point.low));
        XYErrorRenderer renderer = paleWhereUncertain ? new PalingRenderer(line.points) : new XYErrorRenderer();
        renderer.setDrawXError(intervals && !rows.isEmpty());
        renderer.setDrawYError(intervals && rows.isEmpty());
        renderer.setDefaultShapesVisible(line.marked());
        // A path would have one colour.
        renderer.setDrawSeriesLineAsPath(!paleWhereUncertain);
        if (renderer.getDefaultShapesVisible()) {
            renderer.setDefaultToolTipGenerator((dataset, series, item) -> line.points.get(item).tip);
        }
        CurveStyle.apply(renderer, line.look, number);
        return renderer;
    }
}
