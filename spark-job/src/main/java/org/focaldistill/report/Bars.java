package org.focaldistill.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Bars for the strip below a picture, in the colours of its lines, one kind a line. */
final class Bars {
    private final String up;
    private final List<List<Bar>> kinds = new ArrayList<>();

    /** One bar, from {@code from} to {@code to} on the axis to the right and from 0 to {@code height}. */
    record Bar(double from, double to, double height, String tip) {}

    /** @param up what the axis upwards is */
    Bars(String up) {
        this.up = up;
    }

    /** One more kind. */
    Bars add(List<Bar> bars) {
        kinds.add(List.copyOf(bars));
        return this;
    }

    /** Draws them; the axis to the right is that of the picture above. */
    XYPlot plot() {
        NumberAxis axis = new NumberAxis(up);
        axis.setNumberFormatOverride(Ticks.PLAIN);
        XYPlot plot = new XYPlot(null, null, Curves.styled(axis, null), null);
        Curves.ground(plot);
        for (int kind = 0; kind < kinds.size(); kind++) {
            plot.setDataset(kind, dataset(kinds.get(kind)));
            plot.setRenderer(kind, renderer(kinds.get(kind), CurveStyle.color(kind)));
        }
        return plot;
    }

    private static XYIntervalSeriesCollection dataset(List<Bar> bars) {
        XYIntervalSeries series = new XYIntervalSeries("", false, true);
        bars.forEach(bar -> series.add((bar.from + bar.to) / 2, bar.from, bar.to, bar.height, bar.height, bar.height));
        XYIntervalSeriesCollection dataset = new XYIntervalSeriesCollection();
        dataset.addSeries(series);
        return dataset;
    }

    private static XYBarRenderer renderer(List<Bar> bars, Color color) {
        XYBarRenderer renderer = new XYBarRenderer();
        renderer.setBarPainter(new StandardXYBarPainter());
        renderer.setShadowVisible(false);
        renderer.setSeriesPaint(0, color);
        renderer.setSeriesVisibleInLegend(0, false);
        renderer.setDefaultToolTipGenerator((dataset, series, item) -> bars.get(item).tip);
        return renderer;
    }
}
