package org.focaldistill.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.focaldistill.report.SweepTable.Cell;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.LookupPaintScale;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.DefaultXYZDataset;
import org.jspecify.annotations.Nullable;

/**
 * A table's grid as a picture: gamma to the right, alpha upwards, red high and blue low in every quantity (the study's
 * figures), dark grey where all seeds diverged, sand where seeds were stopped early, light grey where nothing is finished.
 */
final class HeatMap {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 700;
    /** On a page, where the title stands above: small, so that a phone need not shrink the text. */
    private static final int PAGE_WIDTH = 520;

    private static final int PAGE_HEIGHT = 380;
    private static final int FEW_COLUMNS = 6;
    private static final int FEW_ROWS = 6;
    private static final int COLUMN = 62;
    private static final int ROW = 40;

    private static final int TITLE_SIZE = 18;
    private static final int TEXT_SIZE = 14;
    private static final int LARGEST_VALUE = 18;
    private static final int SMALLEST_VALUE = 8;
    private static final double STRIP_DISTANCE = 20;
    private static final float LINE_WIDTH = 0.75f;

    private static final Color DIVERGED = new Color(0x8f8f8f);
    private static final Color STOPPED = new Color(0xd9c99a);
    private static final Color UNFINISHED = new Color(0xd0d0d0);

    private final CellGrid table;
    private final int width;
    private final int height;
    private final boolean titled;
    private final List<Double> alphas;
    private final List<Double> gammas;
    private final @Nullable ColorScale scale;
    private final JFreeChart chart;

    /** A picture of a grid with at least one cell, to stand alone. */
    HeatMap(CellGrid table) {
        this(table, WIDTH, HEIGHT, true, cell -> table.show(cell));
    }

    /**
     * A picture for a page that has its title and settings as text.
     *
     * @param tips what to say of a cell that is pointed at
     */
    static HeatMap forPage(CellGrid table, Function<Cell, String> tips) {
        int columns = table.gammas().size();
        int rows = table.alphas().size();
        return new HeatMap(
                table,
                PAGE_WIDTH + COLUMN * Math.max(0, columns - FEW_COLUMNS),
                PAGE_HEIGHT + ROW * Math.max(0, rows - FEW_ROWS),
                false,
                tips);
    }

    private HeatMap(CellGrid table, int width, int height, boolean titled, Function<Cell, String> tips) {
        this.table = table;
        this.width = width;
        this.height = height;
        this.titled = titled;
        this.alphas = table.alphas();
        this.gammas = table.gammas();
        if (alphas.isEmpty()) {
            throw new IllegalArgumentException("A heat map needs a grid: " + table.title());
        }
        this.scale = table.scale();
        SymbolAxis right = axis("gamma (weight of the focal term)", gammas);
        SymbolAxis up = axis("alpha (weight of the distillation term)", alphas);
        XYPlot plot = new XYPlot(null, right, up, null);
        addCells(plot, tips);
        addLines(plot);
        this.chart = new JFreeChart(titled ? table.title() : null, Chart.font(TITLE_SIZE), plot, false);
        addSurroundings();
        turnLongTicks(right);
        alignColors();
        addValues(plot);
    }

    Chart chart() {
        return new Chart(table.slug(), table.title(), "", chart, width, height);
    }

    private static @Nullable Double mean(@Nullable Cell cell) {
        return cell == null ? null : cell.mean();
    }

    private static SymbolAxis axis(String label, List<Double> values) {
        SymbolAxis axis =
                new SymbolAxis(label, values.stream().map(Decimals::compact).toArray(String[]::new));
        axis.setGridBandsVisible(false);
        axis.setRange(-0.5, values.size() - 0.5);
        style(axis);
        return axis;
    }

    /** An axis in the style of the pictures. */
    static void style(NumberAxis axis) {
        axis.setLabelFont(Chart.font(TEXT_SIZE));
        axis.setTickLabelFont(Chart.font(TEXT_SIZE));
        axis.setLabelPaint(Chart.INK);
        axis.setTickLabelPaint(Chart.INK);
        axis.setAxisLinePaint(Chart.LINES);
        axis.setTickMarkPaint(Chart.LINES);
    }

    /** What there is to say of a cell; all but the first are explained in the legend. */
    private enum Kind {
        MEASURED(""),
        DIVERGED("div: all seeds diverged"),
        STOPPED("STOPPED: stopped early"),
        UNFINISHED("-: no finished trial");

        private final String legend;

        Kind(String legend) {
            this.legend = legend;
        }

        static Kind of(@Nullable Cell cell) {
            if (mean(cell) != null) {
                return MEASURED;
            }
            if (cell != null && cell.stopped() > 0) {
                return STOPPED;
            }
            return cell != null && cell.diverged() > 0 ? DIVERGED : UNFINISHED;
        }
    }

    /** Of a cell without a value. */
    private static Color plain(Kind kind) {
        return switch (kind) {
            case DIVERGED -> DIVERGED;
            case STOPPED -> STOPPED;
            case MEASURED, UNFINISHED -> UNFINISHED;
        };
    }

    private Color color(@Nullable Cell cell) {
        Double mean = mean(cell);
        return mean == null || scale == null ? plain(Kind.of(cell)) : scale.getPaint(mean);
    }

    private void addCells(XYPlot plot, Function<Cell, String> tips) {
        int index = 0;
        for (Kind kind : Kind.values()) {
            double[][] cells = cells(kind);
            if (cells[0].length > 0) {
                DefaultXYZDataset dataset = new DefaultXYZDataset();
                dataset.addSeries(kind.legend, cells);
                plot.setDataset(index, dataset);
                plot.setRenderer(index, renderer(kind, tips));
                index++;
            }
        }
    }

    /** Column, row and value of the cells of a kind. */
    private double[][] cells(Kind kind) {
        List<double[]> found = new ArrayList<>();
        for (int row = 0; row < alphas.size(); row++) {
            for (int column = 0; column < gammas.size(); column++) {
                Cell cell = table.cell(alphas.get(row), gammas.get(column));
                if (Kind.of(cell) == kind) {
                    Double mean = mean(cell);
                    found.add(new double[] {column, row, mean == null ? 0 : mean});
                }
            }
        }
        double[][] cells = new double[3][];
        for (int part = 0; part < cells.length; part++) {
            int each = part;
            cells[part] = found.stream().mapToDouble(cell -> cell[each]).toArray();
        }
        return cells;
    }

    private XYBlockRenderer renderer(Kind kind, Function<Cell, String> tips) {
        XYBlockRenderer renderer = new XYBlockRenderer();
        renderer.setBlockAnchor(RectangleAnchor.CENTER);
        boolean measured = kind == Kind.MEASURED;
        renderer.setPaintScale(measured && scale != null ? scale : new LookupPaintScale(0, 1, plain(kind)));
        renderer.setSeriesVisibleInLegend(0, !measured);
        renderer.setSeriesPaint(0, plain(kind));
        renderer.setDefaultToolTipGenerator((dataset, series, item) -> {
            Cell cell = table.cell(alphas.get((int) dataset.getYValue(series, item)), gammas.get((int)
                    dataset.getXValue(series, item)));
            return cell == null ? kind.legend : tips.apply(cell);
        });
        renderer.setLegendShape(0, new Rectangle2D.Double(-7, -7, 14, 14));
        return renderer;
    }

    private void addLines(XYPlot plot) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlinePaint(Chart.LINES);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        for (int column = 1; column < gammas.size(); column++) {
            plot.addDomainMarker(line(column - 0.5), Layer.FOREGROUND);
        }
        for (int row = 1; row < alphas.size(); row++) {
            plot.addRangeMarker(line(row - 0.5), Layer.FOREGROUND);
        }
    }

    private static ValueMarker line(double at) {
        return new ValueMarker(at, Chart.LINES, new BasicStroke(LINE_WIDTH), null, null, 1);
    }

    private void addSurroundings() {
        chart.getRenderingHints().put(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(12, 12, 8, 12));
        if (titled) {
            chart.getTitle().setPaint(Chart.INK);
            TextTitle settings = new TextTitle(table.settings(), Chart.font(TEXT_SIZE));
            settings.setPaint(Chart.INK);
            settings.setPadding(4, 0, 10, 0);
            chart.addSubtitle(settings);
        }
        LegendTitle greys = new LegendTitle(chart.getPlot());
        greys.setItemFont(Chart.font(TEXT_SIZE));
        greys.setItemPaint(Chart.INK);
        greys.setItemLabelPadding(new RectangleInsets(2, 4, 2, 16));
        greys.setPosition(RectangleEdge.BOTTOM);
        chart.addSubtitle(greys);
        if (scale != null) {
            chart.addSubtitle(colors(scale, table.valueTitle()));
        }
    }

    private void turnLongTicks(SymbolAxis axis) {
        List<String> ticks = gammas.stream().map(Decimals::compact).toList();
        double column = layout().getDataArea().getWidth() / gammas.size();
        axis.setVerticalTickLabels(widest(ticks, TEXT_SIZE) > column - 6);
    }

    /** The strip that says what the colours are. */
    static PaintScaleLegend colors(ColorScale scale, String title) {
        NumberAxis axis = new NumberAxis(title);
        axis.setNumberFormatOverride(Ticks.PLAIN);
        axis.setRange(scale.low(), scale.high());
        style(axis);
        PaintScaleLegend strip = new PaintScaleLegend(scale, axis);
        strip.setPosition(RectangleEdge.RIGHT);
        strip.setAxisLocation(AxisLocation.BOTTOM_OR_RIGHT);
        strip.setStripWidth(22);
        strip.setStripOutlineVisible(true);
        strip.setStripOutlinePaint(Chart.LINES);
        strip.setSubdivisionCount(200);
        strip.setMargin(0, STRIP_DISTANCE, 0, 0);
        return strip;
    }

    /** Makes the strip of colours as high as the grid. */
    private void alignColors() {
        Rectangle2D plot = layout().getPlotArea();
        Rectangle2D grid = layout().getDataArea();
        for (Object subtitle : chart.getSubtitles()) {
            if (subtitle instanceof PaintScaleLegend strip) {
                strip.setMargin(grid.getY() - plot.getY(), STRIP_DISTANCE, plot.getMaxY() - grid.getMaxY(), 0);
            }
        }
    }

    /** Where things are in the chart as it is now. */
    private PlotRenderingInfo layout() {
        ChartRenderingInfo info = new ChartRenderingInfo();
        Graphics2D nowhere = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        chart.draw(nowhere, new Rectangle2D.Double(0, 0, width, height), info);
        nowhere.dispose();
        return info.getPlotInfo();
    }

    /** Every cell's value in one size, the largest at which all fit; none when they would be too small to read. */
    private void addValues(XYPlot plot) {
        Rectangle2D grid = layout().getDataArea();
        List<String> shown = new ArrayList<>();
        alphas.forEach(alpha -> gammas.forEach(gamma -> shown.add(table.show(table.cell(alpha, gamma)))));
        int size = (int) Math.min(LARGEST_VALUE, 0.6 * grid.getHeight() / alphas.size());
        while (size >= SMALLEST_VALUE && widest(shown, size) > grid.getWidth() / gammas.size() - 6) {
            size--;
        }
        if (size < SMALLEST_VALUE) {
            return;
        }
        for (int row = 0; row < alphas.size(); row++) {
            for (int column = 0; column < gammas.size(); column++) {
                Cell cell = table.cell(alphas.get(row), gammas.get(column));
                XYTextAnnotation value = new XYTextAnnotation(table.show(cell), column, row);
                value.setFont(Chart.font(size));
                value.setPaint(ColorScale.inkOn(color(cell)));
                plot.addAnnotation(value);
            }
        }
    }

    private static double widest(List<String> texts, int size) {
        FontRenderContext context = new FontRenderContext(null, true, true);
        return texts.stream()
                .mapToDouble(
                        text -> Chart.font(size).getStringBounds(text, context).getWidth())
                .max()
                .orElse(0);
    }
}
