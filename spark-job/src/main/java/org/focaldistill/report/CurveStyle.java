package org.focaldistill.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.focaldistill.report.Curves.Look;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.util.ShapeUtils;

/**
 * How the lines of a picture differ. Colours are those of Okabe and Ito 2008, which colour-blind readers can tell apart;
 * dashes and shapes differ too.
 */
final class CurveStyle {
    private static final List<Color> COLORS = List.of(
            new Color(0x0072b2),
            new Color(0xd55e00),
            new Color(0x009e73),
            new Color(0xcc79a7),
            new Color(0x56b4e9),
            new Color(0xe69f00),
            Color.BLACK);
    private static final List<Shape> SHAPES = List.of(
            ShapeUtils.createDiamond(4.5f),
            new Rectangle2D.Double(-3.5, -3.5, 7, 7),
            ShapeUtils.createUpTriangle(4.5f),
            ShapeUtils.createDownTriangle(4.5f),
            ShapeUtils.createDiagonalCross(4f, 1f),
            ShapeUtils.createRegularCross(4f, 1f),
            AffineTransform.getScaleInstance(0.7, 1.4).createTransformedShape(new Rectangle2D.Double(-3, -3, 6, 6)));
    private static final List<float[]> DASHES =
            List.of(new float[0], new float[] {7, 3}, new float[] {2, 3}, new float[] {9, 3, 2, 3});
    private static final float[] OPEN_DASH = {4, 4};
    private static final Color BACKGROUND = new Color(0xc8c8c8);
    private static final Color END = new Color(0x808080);
    private static final Shape END_SHAPE = ShapeUtils.createDiagonalCross(3f, 0.7f);

    private CurveStyle() {}

    /** The colour of a picture's line of that number, from 0. */
    static Color color(int number) {
        return COLORS.get(number % COLORS.size());
    }

    /** Gives a renderer of one line the line's colour, shape and dashes. */
    static void apply(XYErrorRenderer renderer, Look look, int number) {
        renderer.setDefaultLinesVisible(look != Look.POINTS && look != Look.ENDS);
        renderer.setSeriesVisibleInLegend(0, !look.behind() || look == Look.ENDS);
        Color color = look == Look.ENDS ? END : look.behind() ? BACKGROUND : color(number);
        renderer.setSeriesPaint(0, color);
        renderer.setSeriesShape(0, look == Look.ENDS ? END_SHAPE : SHAPES.get(number % SHAPES.size()));
        renderer.setSeriesStroke(0, stroke(look, number));
    }

    private static BasicStroke stroke(Look look, int number) {
        float[] dash = look.open() ? OPEN_DASH : look.behind() ? DASHES.get(0) : DASHES.get(number % DASHES.size());
        return new BasicStroke(
                look.behind() ? 1f : 2f,
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                1,
                dash.length == 0 ? null : dash,
                0);
    }
}
