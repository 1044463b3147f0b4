package org.focaldistill.report;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.rawHtml;

import j2html.TagCreator;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.FigureTag;
import java.awt.Color;
import java.awt.Font;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.entity.XYItemEntity;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.title.Title;

/**
 * A picture, as a file or inside a page.
 *
 * @param slug part of a file's name
 * @param title what it shows
 * @param words more of it, for who does not see it; may be empty
 * @param chart the picture
 * @param width in pixels at its natural size
 * @param height in pixels at its natural size
 */
public record Chart(String slug, String title, String words, JFreeChart chart, int width, int height) {
    static final Color INK = new Color(0x202020);
    static final Color LINES = new Color(0x707070);
    /** Twice the pixels, so that a PNG's text stays sharp on paper and dense screens. */
    private static final int PNG_SCALE = 2;
    /** Side of the smallest area that a finger or pointer hits. */
    private static final double REACH = 14;

    /** A wider one has a page's whole width to itself. */
    private static final int WIDE = 600;

    private static final int TITLE_SIZE = 14;
    private static final int TITLE_HEIGHT = 40;

    static {
        // Nothing is shown; asking for a display fails where DISPLAY leads nowhere.
        System.setProperty("java.awt.headless", "true");
    }

    public Chart {
        chart.getRenderingHints().put(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    }

    /** The logical font, which every Java runtime maps to some sans serif. */
    static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }

    /** The same picture under a title, to stand alone. */
    Chart titled(String newTitle) {
        JFreeChart alone = new JFreeChart(null, font(TITLE_SIZE), chart.getPlot(), false);
        alone.setBackgroundPaint(Color.WHITE);
        alone.setPadding(chart.getPadding());
        chart.getSubtitles().forEach(each -> alone.addSubtitle((Title) each));
        TextTitle above = new TextTitle(newTitle, font(TITLE_SIZE));
        above.setPaint(INK);
        alone.setTitle(above);
        return new Chart(slug, newTitle, words, alone, width, height + TITLE_HEIGHT);
    }

    /** The same picture with words for who does not see it. */
    Chart described(String newWords) {
        return new Chart(slug, title, newWords, chart, width, height);
    }

    byte[] png() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ChartUtils.writeScaledChartAsPNG(bytes, chart, width, height, PNG_SCALE, PNG_SCALE);
        return bytes.toByteArray();
    }

    String svg() {
        return SvgPicture.of(this, slug, new ChartRenderingInfo()).toString();
    }

    /**
     * The chart in a page, under a caption.
     *
     * @param id of the section it stands in; with the slug unique in the page
     */
    FigureTag figure(String id, String caption) {
        return TagCreator.figure(
                        figcaption(caption),
                        div(rawHtml(inline(id + "-" + slug))).withClass("picture"))
                .withClass(width > WIDE ? "wide" : "");
    }

    /**
     * Charts of a page side by side, as many as it is wide, each under its title.
     *
     * @param id of the section they stand in; with each slug unique in the page
     */
    public static DivTag gallery(String id, List<Chart> charts) {
        return div(each(charts, chart -> chart.figure(id, chart.title()))).withClass("charts");
    }

    /**
     * An element for a page: what can be pointed at has an area of class {@code tip} with a title.
     *
     * @param id of the element, unique in the page; its parts' names begin with it
     */
    private String inline(String id) {
        ChartRenderingInfo info = new ChartRenderingInfo();
        SvgPicture picture = SvgPicture.of(this, id, info);
        picture.describe(title, words);
        for (Object each : info.getEntityCollection().getEntities()) {
            if (each instanceof XYItemEntity entity && entity.getToolTipText() != null) {
                picture.tip(reach(entity), entity.getToolTipText());
            }
        }
        return picture.toString();
    }

    private static Rectangle2D reach(ChartEntity entity) {
        Rectangle2D at = entity.getArea().getBounds2D();
        double wide = Math.max(REACH, at.getWidth());
        double high = Math.max(REACH, at.getHeight());
        return new Rectangle2D.Double(at.getCenterX() - wide / 2, at.getCenterY() - high / 2, wide, high);
    }
}
