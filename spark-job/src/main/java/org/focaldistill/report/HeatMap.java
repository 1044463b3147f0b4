package org.focaldistill.report;

import java.awt.Color;
import java.io.IOException;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.focaldistill.report.Canvas.Anchor;
import org.focaldistill.report.SweepTable.Cell;
import org.jspecify.annotations.Nullable;

/**
 * A table's grid as a picture: gamma to the right, alpha upwards, red high and blue low in every quantity (the study's
 * figures), grey where all seeds diverged, blank where nothing is finished.
 */
final class HeatMap {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 700;
    private static final int LEFT = 90;
    private static final int TOP = 80;
    private static final int GRID_WIDTH = 650;
    private static final int GRID_HEIGHT = 530;
    private static final int BOTTOM = TOP + GRID_HEIGHT;
    private static final int LEGEND_LEFT = LEFT + GRID_WIDTH + 35;
    private static final int LEGEND_WIDTH = 22;
    private static final int LEGEND_STEPS = 106;
    private static final int TITLE_SIZE = 17;
    private static final int TEXT_SIZE = 13;
    private static final int TICK_SIZE = 14;
    private static final int SMALLEST = 7;
    private static final Color BACKGROUND = Color.WHITE;
    private static final Color INK = new Color(0x202020);
    private static final Color FRAME = new Color(0x909090);
    private static final Color DIVERGED = new Color(0xbdbdbd);

    static {
        // Nothing is shown; asking for a display fails where DISPLAY leads nowhere.
        System.setProperty("java.awt.headless", "true");
    }

    private final SweepTable table;
    private final List<Double> alphas;
    private final List<Double> gammas;
    private final double cellWidth;
    private final double cellHeight;
    private final @Nullable ColorScale scale;

    /** A picture of a table whose grid has at least one cell. */
    HeatMap(SweepTable table) {
        this.table = table;
        this.alphas = table.alphas();
        this.gammas = table.gammas();
        if (alphas.isEmpty()) {
            throw new IllegalArgumentException("A heat map needs a grid: " + table.title());
        }
        this.cellWidth = (double) GRID_WIDTH / gammas.size();
        this.cellHeight = (double) GRID_HEIGHT / alphas.size();
        this.scale = scale(table);
    }

    private static @Nullable ColorScale scale(SweepTable table) {
        DoubleSummaryStatistics range = new DoubleSummaryStatistics();
        for (double alpha : table.alphas()) {
            for (double gamma : table.gammas()) {
                Double mean = mean(table.cell(alpha, gamma));
                if (mean != null) {
                    range.accept(mean);
                }
            }
        }
        return range.getCount() == 0 ? null : new ColorScale(range.getMin(), range.getMax());
    }

    private static @Nullable Double mean(@Nullable Cell cell) {
        return cell == null ? null : cell.mean();
    }

    byte[] png() throws IOException {
        ImageCanvas canvas = new ImageCanvas(WIDTH, HEIGHT);
        draw(canvas);
        return canvas.png();
    }

    String svg() {
        SvgCanvas canvas = new SvgCanvas(WIDTH, HEIGHT);
        draw(canvas);
        return canvas.svg();
    }

    private void draw(Canvas canvas) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, BACKGROUND);
        drawTitle(canvas);
        drawCells(canvas);
        drawTicks(canvas);
        if (scale != null) {
            drawLegend(canvas, scale);
        }
    }

    private void drawTitle(Canvas canvas) {
        String title = table.title();
        int size = fitting(title, WIDTH - 2 * 20, TITLE_SIZE);
        canvas.text(title, WIDTH / 2.0, 34, size, Anchor.MIDDLE, INK);
        canvas.text(table.settings(), WIDTH / 2.0, 58, TEXT_SIZE, Anchor.MIDDLE, INK);
    }

    /** The largest size up to {@code size} at which the text is no wider than {@code width}. */
    private static int fitting(String text, double width, int size) {
        int fitting = size;
        while (fitting > SMALLEST && Canvas.widthOf(text, fitting) > width) {
            fitting--;
        }
        return fitting;
    }

    private void drawCells(Canvas canvas) {
        canvas.rectangle(LEFT - 1, TOP - 1, GRID_WIDTH + 2, GRID_HEIGHT + 2, FRAME);
        int size = cellTextSize();
        for (int row = 0; row < alphas.size(); row++) {
            for (int column = 0; column < gammas.size(); column++) {
                Cell cell = table.cell(alphas.get(row), gammas.get(column));
                drawCell(canvas, cell, LEFT + column * cellWidth, BOTTOM - (row + 1) * cellHeight, size);
            }
        }
    }

    private void drawCell(Canvas canvas, @Nullable Cell cell, double x, double y, int size) {
        Color color = color(cell);
        canvas.rectangle(x, y, cellWidth, cellHeight, color);
        if (size > SMALLEST && cell != null) {
            canvas.text(
                    table.show(cell),
                    x + cellWidth / 2,
                    y + cellHeight / 2 + 0.35 * size,
                    size,
                    Anchor.MIDDLE,
                    ColorScale.inkOn(color));
        }
    }

    private Color color(@Nullable Cell cell) {
        Double mean = mean(cell);
        if (mean != null && scale != null) {
            return scale.of(mean);
        }
        return cell != null && cell.diverged() > 0 ? DIVERGED : BACKGROUND;
    }

    /** One size for all cells, so that the widest text fits; {@link #SMALLEST} when none does. */
    private int cellTextSize() {
        int size = (int) Math.min(18, cellHeight * 0.6);
        for (double alpha : alphas) {
            for (double gamma : gammas) {
                size = fitting(table.show(table.cell(alpha, gamma)), cellWidth - 6, size);
            }
        }
        return size;
    }

    private void drawTicks(Canvas canvas) {
        int everyColumn = every(gammas, cellWidth);
        for (int column = 0; column < gammas.size(); column += everyColumn) {
            double x = LEFT + (column + 0.5) * cellWidth;
            canvas.rectangle(x - 0.5, BOTTOM + 1, 1, 5, FRAME);
            canvas.text(Decimals.compact(gammas.get(column)), x, BOTTOM + 22, TICK_SIZE, Anchor.MIDDLE, INK);
        }
        int everyRow = (int) Math.ceil(1.3 * TICK_SIZE / cellHeight);
        for (int row = 0; row < alphas.size(); row += everyRow) {
            double y = BOTTOM - (row + 0.5) * cellHeight;
            canvas.rectangle(LEFT - 6, y - 0.5, 5, 1, FRAME);
            canvas.text(Decimals.compact(alphas.get(row)), LEFT - 11, y + 5, TICK_SIZE, Anchor.END, INK);
        }
        canvas.text(
                "gamma (weight of the focal term)",
                LEFT + GRID_WIDTH / 2.0,
                BOTTOM + 50,
                TICK_SIZE,
                Anchor.MIDDLE,
                INK);
        canvas.upwards("alpha (weight of the distillation term)", 28, TOP + GRID_HEIGHT / 2.0, TICK_SIZE, INK);
    }

    /** Labels every so many columns, that none touches the next. */
    private static int every(List<Double> values, double width) {
        double widest = values.stream()
                .mapToDouble(value -> Canvas.widthOf(Decimals.compact(value), TICK_SIZE))
                .max()
                .orElse(0);
        return (int) Math.max(1, Math.ceil((widest + 8) / width));
    }

    private void drawLegend(Canvas canvas, ColorScale colors) {
        double step = (double) GRID_HEIGHT / LEGEND_STEPS;
        canvas.rectangle(LEGEND_LEFT - 1, TOP - 1, LEGEND_WIDTH + 2, GRID_HEIGHT + 2, FRAME);
        for (int i = 0; i < LEGEND_STEPS; i++) {
            double value = colors.low() + (i + 0.5) / LEGEND_STEPS * (colors.high() - colors.low());
            canvas.rectangle(LEGEND_LEFT, BOTTOM - (i + 1) * step, LEGEND_WIDTH, step, colors.of(value));
        }
        int ticks = colors.high() > colors.low() ? 4 : 0;
        for (int i = 0; i <= ticks; i++) {
            double share = ticks == 0 ? 0.5 : (double) i / ticks;
            double y = BOTTOM - share * GRID_HEIGHT;
            double value = colors.low() + share * (colors.high() - colors.low());
            canvas.rectangle(LEGEND_LEFT + LEGEND_WIDTH + 1, y - 0.5, 5, 1, FRAME);
            canvas.text(
                    table.quantity().format(value),
                    LEGEND_LEFT + LEGEND_WIDTH + 10,
                    y + 5,
                    TEXT_SIZE,
                    Anchor.START,
                    INK);
        }
        canvas.upwards(table.quantity().title(), WIDTH - 32, TOP + GRID_HEIGHT / 2.0, TEXT_SIZE, INK);
        canvas.text(
                "red: high, blue: low, grey (div): diverged, blank: no finished trial",
                LEFT,
                HEIGHT - 14,
                TEXT_SIZE,
                Anchor.START,
                INK);
    }
}
