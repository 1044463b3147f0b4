package org.focaldistill.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.focaldistill.metrics.Evaluation;

/** Prints values below one another, each behind its name. */
final class LabelledLines {
    private final PrintWriter out;

    LabelledLines(PrintWriter out) {
        this.out = out;
    }

    void add(String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-13s %s%n", name, String.format(Locale.ROOT, format, values));
    }

    void add(Evaluation test) {
        add("test images", "%d", test.samples());
        add("top-1", "%.2f %%", 100 * test.top1());
        add("top-5", "%.2f %%", 100 * test.top5());
        add("NLL", "%.6f", test.nll());
        add("ECE", "%.4f %%", 100 * test.ece());
    }
}
