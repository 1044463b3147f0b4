package org.focaldistill.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.Shape;
import java.util.List;
import org.focaldistill.report.Curves.Point;
import org.jfree.chart.renderer.xy.XYErrorRenderer;

/** Draws the points of one line the paler the wider their intervals, and the line as pale as the paler of two points. */
final class PalingRenderer extends XYErrorRenderer {
    private static final double PALEST = 0.15;
    /** An interval of 0.65 of the axis is as pale as any; a bin of 5 images has one. */
    private static final double PER_WIDTH = 1.3;

    private final List<Point> points;

    /** @param points with intervals, on an axis from 0 to 1 */
    PalingRenderer(List<Point> points) {
        this.points = points;
        setErrorStroke(new BasicStroke(1.2f));
    }

    private double opacity(int item) {
        Point point = points.get(item);
        double width = Double.isNaN(point.low()) ? 0 : point.high() - point.low();
        return Math.max(PALEST, 1 - PER_WIDTH * width);
    }

    @Override
    public Paint getItemPaint(int series, int item) {
        return pale(super.getItemPaint(series, item), opacity(item));
    }

    @Override
    protected void drawFirstPassShape(Graphics2D canvas, int pass, int series, int item, Shape segment) {
        canvas.setStroke(getItemStroke(series, item));
        canvas.setPaint(pale(lookupSeriesPaint(series), Math.min(opacity(item), item == 0 ? 1 : opacity(item - 1))));
        canvas.draw(segment);
    }

    private static Paint pale(Paint paint, double opacity) {
        return paint instanceof Color color
                ? new Color(color.getRed(), color.getGreen(), color.getBlue(), (int) Math.round(255 * opacity))
                : paint;
    }
}
