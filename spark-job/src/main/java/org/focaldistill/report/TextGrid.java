package org.focaldistill.report;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.specialized.DivTag;
import java.util.ArrayList;
import java.util.List;

/** Rows of short texts under a header, right-aligned but for the first column. */
public final class TextGrid {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    /** A grid without rows yet. */
    public TextGrid(List<String> header) {
        this.header = List.copyOf(header);
    }

    /** @throws IllegalArgumentException if the row has not as many values as the header */
    public void add(List<String> row) {
        if (row.size() != header.size()) {
            throw new IllegalArgumentException("A row under " + header + " needs as many values, found " + row);
        }
        rows.add(List.copyOf(row));
    }

    List<String> header() {
        return header;
    }

    List<List<String>> rows() {
        return rows;
    }

    /** All columns side by side. */
    String text() {
        return block(1, header.size());
    }

    /** Blocks of columns no wider than {@code width} if one column fits, the first column repeated in each. */
    List<String> wrapped(int width) {
        List<String> blocks = new ArrayList<>();
        int from = 1;
        while (from < header.size()) {
            int used = columnWidth(0) + 1 + columnWidth(from);
            int to = from + 1;
            while (to < header.size() && used + 1 + columnWidth(to) <= width) {
                used += 1 + columnWidth(to);
                to++;
            }
            blocks.add(block(from, to));
            from = to;
        }
        return blocks;
    }

    private String block(int from, int to) {
        StringBuilder text = new StringBuilder();
        appendLine(text, header, from, to);
        rows.forEach(row -> appendLine(text, row, from, to));
        return text.toString();
    }

    private void appendLine(StringBuilder text, List<String> row, int from, int to) {
        StringBuilder line = new StringBuilder(row.get(0));
        line.append(" ".repeat(columnWidth(0) - line.length()));
        for (int column = from; column < to; column++) {
            String value = row.get(column);
            line.append(" ".repeat(1 + columnWidth(column) - value.length())).append(value);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private int columnWidth(int column) {
        int width = header.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }

    /** A sentence as lines of at most {@code width} characters, each ended by a newline. */
    static String wrap(String sentence, int width) {
        StringBuilder text = new StringBuilder();
        int column = 0;
        for (String word : sentence.split(" ", -1)) {
            boolean first = text.isEmpty();
            boolean fits = column + 1 + word.length() <= width;
            text.append(first ? "" : fits ? " " : "\n").append(word);
            column = first || !fits ? word.length() : column + 1 + word.length();
        }
        return text.append('\n').toString();
    }

    /** A Markdown table. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        appendMarkdown(text, header);
        text.append("|:--").append("|--:".repeat(header.size() - 1)).append("|\n");
        rows.forEach(row -> appendMarkdown(text, row));
        return text.toString();
    }

    /** A table of a page, which scrolls by itself where it is too wide. */
    public DivTag html() {
        return div(table(
                        thead(tr(each(header, cell -> th(cell)))),
                        tbody(each(rows, row -> tr(each(row, cell -> td(cell)))))))
                .withClass("scroll");
    }

    private static void appendMarkdown(StringBuilder text, List<String> row) {
        row.forEach(value -> text.append("| ")
                .append(value.replace("\\", "\\\\").replace("|", "\\|"))
                .append(' '));
        text.append("|\n");
    }
}
