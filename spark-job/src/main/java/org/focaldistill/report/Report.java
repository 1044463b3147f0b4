package org.focaldistill.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.TrialOutcome.TeacherMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;

/** What a sweep found: tables, heat maps and one page that holds them together. */
public final class Report {
    private static final String YARDSTICKS = """
            ## How to read the totals

            The total loss of a cell is measured with that cell's own weights, so two cells are two different
            yardsticks. With `L = alpha T^2 KL + beta CE + gamma F` and `beta = 1 - alpha`, the very same network gives

                dL/dgamma = F            (at least 0, unless the focal form is one that goes negative)
                dL/dalpha = T^2 KL - CE

            Going right in a table, the total rises by the focal term even if nothing was learned differently; going
            down, it moves by the difference of two terms that differ in size anyway. Only what is left after that is
            the student's doing. CE and top-1 are the same yardstick in every cell, and therefore stand beside.
            """;

    private final SweepResults results;
    private final List<Panel> panels;
    private final List<SweepTable> tables;

    Report(SweepResults results) {
        this.results = results;
        this.panels = Panel.of(results.finished());
        List<SweepTable> all = new ArrayList<>();
        panels.forEach(panel -> all.addAll(SweepTable.of(panel)));
        this.tables = List.copyOf(all);
    }

    /**
     * Reads the finished trials of a sweep.
     *
     * @param sweepId the sweep; null for the one planned last
     */
    public static Report of(ResultStore store, @Nullable String sweepId) throws IOException {
        return new Report(SweepResults.read(store, sweepId));
    }

    /** The sweep this reports on. */
    public String sweepId() {
        return results.sweepId();
    }

    /** Other sweeps of the same store, the newest first. */
    public List<String> otherSweeps() {
        return results.otherSweeps();
    }

    /** Every alpha x gamma table, pair by pair, in the order of {@link Quantity}. */
    public List<SweepTable> tables() {
        return tables;
    }

    /** One row a trial by role, alpha and gamma, at most 80 characters wide. */
    public String trialTable() {
        return TrialTable.of(results, panels);
    }

    /**
     * Writes {@code report.md}, {@code tables.csv} and a PNG and SVG heat map of every grid. Files of an earlier report
     * are overwritten, others never.
     *
     * @param directory local or on any file system Hadoop knows; made when missing
     * @return the files written
     */
    public List<Path> write(Configuration configuration, Path directory) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("report.md", utf8(page()));
        List<String> csv = new ArrayList<>(List.of(SweepTable.CSV_HEADER));
        tables.forEach(table -> csv.addAll(table.csv()));
        contents.put("tables.csv", utf8(String.join("\n", csv) + "\n"));
        for (SweepTable table : tables) {
            if (!table.alphas().isEmpty()) {
                HeatMap map = new HeatMap(table);
                contents.put(pictureName(table) + ".png", map.png());
                contents.put(pictureName(table) + ".svg", utf8(map.svg()));
            }
        }
        return new ReportDirectory(configuration, directory).write(contents);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String page() {
        StringBuilder page = new StringBuilder(summary()).append('\n').append(YARDSTICKS);
        for (SweepTable table : tables) {
            page.append('\n').append(table.markdown());
            if (!table.alphas().isEmpty()) {
                page.append("\n![")
                        .append(table.title())
                        .append("](")
                        .append(pictureName(table))
                        .append(".png)\n");
            }
        }
        return page.append("\n## Trials\n\n```\n")
                .append(trialTable())
                .append("```\n")
                .toString();
    }

    /** For example {@code generated-1-resnet56-resnet20-test-loss}. */
    private String pictureName(SweepTable table) {
        int number = tables.indexOf(table) / Quantity.values().length + 1;
        String pair =
                table.panel().common().teacher() + "-" + table.panel().common().student();
        return (table.panel().generated() ? "generated-" : "heatmap-") + number + "-"
                + pair.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-") + "-"
                + table.quantity().slug();
    }

    private String summary() {
        StringBuilder text = new StringBuilder();
        text.append("# Sweep ").append(results.sweepId()).append("\n\n");
        if (results.generated()) {
            text.append("**Some or all images are generated, not photographs: these numbers show that the program")
                    .append(" works, not how good a student is.**\n\n");
        }
        long diverged = results.finished().stream()
                .filter(trial -> trial.outcome().status() == TrialStatus.DIVERGED)
                .count();
        text.append(results.finished().size())
                .append(" of ")
                .append(results.planned())
                .append(" planned trials are finished, ")
                .append(diverged)
                .append(" of them DIVERGED; ")
                .append(results.missing() == 0 ? "none" : results.missing())
                .append(" missing. Test numbers are those after the last epoch.\n\n");
        for (Panel panel : panels) {
            text.append("* ")
                    .append(panel.title())
                    .append(": ")
                    .append(teacher(panel))
                    .append('\n');
        }
        if (!results.otherSweeps().isEmpty()) {
            text.append("\nOther sweeps in the same results: ")
                    .append(String.join(", ", results.otherSweeps()))
                    .append(".\n");
        }
        return text.toString();
    }

    private static String teacher(Panel panel) {
        TeacherMetrics teacher = panel.trials().get(0).outcome().teacher();
        return "teacher's test top-1 " + Decimals.fixed(100 * teacher.testTop1(), 2) + " %, NLL "
                + Decimals.fixed(teacher.testNll(), 3) + ", ECE " + Decimals.fixed(100 * teacher.testEce(), 2) + " %; "
                + panel.trials().size() + " trials of "
                + panel.common().recipe().epochs() + " epochs";
    }
}
