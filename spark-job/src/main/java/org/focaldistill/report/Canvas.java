package org.focaldistill.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;

/** Something a heat map is drawn on: coordinates in pixels from the top left. */
interface Canvas {
    /** Where a text's position is. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    void rectangle(double x, double y, double width, double height, Color fill);

    /** A line of text whose baseline passes through (x, y). */
    void text(String text, double x, double y, int size, Anchor anchor, Color color);

    /** A line of text turned by a quarter to the left, centred on (x, y). */
    void upwards(String text, double x, double y, int size, Color color);

    /** The logical font, which every Java runtime maps to some sans serif. */
    static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }

    static double widthOf(String text, int size) {
        return font(size)
                .getStringBounds(text, new FontRenderContext(null, true, true))
                .getWidth();
    }
}
