package org.focaldistill.report;

import java.awt.Color;
import java.util.Locale;

/** Writes an SVG 1.1 document. */
final class SvgCanvas implements Canvas {
    private final StringBuilder document = new StringBuilder();

    SvgCanvas(int width, int height) {
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " shape-rendering=\"crispEdges\" font-family=\"DejaVu Sans, Verdana, sans-serif\">",
                width, height, width, height);
    }

    @Override
    public void rectangle(double x, double y, double width, double height, Color fill) {
        append(
                "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>",
                x, y, width, height, hex(fill));
    }

    @Override
    public void text(String text, double x, double y, int size, Anchor anchor, Color color) {
        append(
                "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
                x, y, size, anchor.name().toLowerCase(Locale.ROOT), hex(color), escaped(text));
    }

    @Override
    public void upwards(String text, double x, double y, int size, Color color) {
        append(
                "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%d\" text-anchor=\"middle\" fill=\"%s\""
                        + " transform=\"rotate(-90 %.2f %.2f)\">%s</text>",
                x, y, size, hex(color), x, y, escaped(text));
    }

    String svg() {
        return document + "</svg>\n";
    }

    private void append(String format, Object... values) {
        document.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String hex(Color color) {
        return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xffffff);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
