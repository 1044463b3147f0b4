package org.focaldistill.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.NumericSetting;
import org.jspecify.annotations.Nullable;

/** What a sweep found: tables, heat maps and one page that holds them together. */
public final class Report {
    /** Name of the page among the files. */
    public static final String PAGE = "report.html";

    private static final String YARDSTICKS = """
            ## How to read the totals

            The total loss of a cell is measured with that cell's own weights, so two cells are two different
            yardsticks. With `L = alpha D + beta C + gamma F`, D the distillation term (`T^2 KL` unless the sweep has another
            form), C the CE of the labels, and `beta = 1 - alpha`, the very same network gives

                dL/dgamma = F            (at least 0, unless the focal form is one that goes negative)
                dL/dalpha = D - C

            Going right in a table, the total rises by the focal term even if nothing was learned differently; going
            down, it moves by the difference of two terms that differ in size anyway. Only what is left after that is
            the student's doing. CE and top-1 are the same yardstick in every cell, and therefore stand beside.
            """;

    private final SweepResults results;
    private final @Nullable ResultStore store;
    private final RaceAnswers race;
    private final @Nullable List<NumericSetting> axes;
    private final List<Finished> compared;
    private final List<Panel> panels;
    private final List<SweepTable> tables;
    private @Nullable List<Findings> findings;
    private @Nullable AcrossPanels across;

    /** @param store where the page finds epochs and bins; without one there is no page to write */
    Report(SweepResults results, @Nullable ResultStore store) {
        this(results, store, RaceAnswers.NONE, null);
    }

    private Report(
            SweepResults results, @Nullable ResultStore store, RaceAnswers race, @Nullable List<NumericSetting> axes) {
        this.results = results;
        this.store = store;
        this.race = race;
        this.axes = axes;
        this.compared = race.comparable(results.finished());
        this.panels = Panel.of(compared);
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
        SweepResults results = SweepResults.read(store, sweepId);
        return new Report(results, store, RaceAnswers.of(store, results.sweepId()), null);
    }

    /**
     * The same with what is fitted over two axes of the reader's choice; by default it is over the first two that vary.
     *
     * @param words as the configuration has them, for example alpha and learningRate
     * @throws IllegalArgumentException if these are not two axes, or the whole sweep has one value on one of them
     */
    public Report along(List<String> words) {
        List<NumericSetting> chosen = words.stream()
                .map(word -> NumericSetting.named(word)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "'" + word + "' is no axis; there are " + NumericSetting.words())))
                .distinct()
                .toList();
        if (chosen.size() != 2) {
            throw new IllegalArgumentException("A surface is over two axes, such as alpha,gamma; found " + words);
        }
        List<NumericSetting> varied = SurfaceSection.varied(compared);
        List<NumericSetting> same =
                chosen.stream().filter(axis -> !varied.contains(axis)).toList();
        if (!same.isEmpty() && results.missing() == 0 && !compared.isEmpty()) {
            throw new IllegalArgumentException("all trials of the sweep that can be compared have one "
                    + SurfaceSection.words(same) + "; "
                    + (varied.isEmpty() ? "no axis varies" : "they vary " + SurfaceSection.words(varied)));
        }
        return new Report(results, store, race, chosen);
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

    /** Pairs of which nothing could be fitted {@link #along} the axes that were asked for, and why. */
    public List<String> unfitted() {
        return across().surfaces().unfitted();
    }

    /** Pair by pair, what a race has answered; none of a sweep that does not race. */
    public List<String> answers() {
        return race.lines();
    }

    /** Pair by pair, what can be said beyond noise and what can not; none of a race, which has {@link #answers}. */
    public List<String> verdicts() {
        return (race.isEmpty() ? findings() : List.<Findings>of())
                .stream()
                        .map(each -> each.panel().title() + ": " + new Verdict(each).sentence())
                        .toList();
    }

    private List<Findings> findings() {
        List<Findings> known = findings;
        if (known == null) {
            known = panels.stream().map(Findings::new).toList();
            findings = known;
        }
        return known;
    }

    /** One row a trial by role, alpha and gamma, at most 80 characters wide. */
    public String trialTable() {
        return TrialTable.of(results, compared, findings(), !race.isEmpty());
    }

    /**
     * Writes {@value #PAGE}, {@code report.md}, {@code tables.csv}, {@code differences.csv} and every picture as PNG
     * and SVG. Files of an earlier report are overwritten, others never.
     *
     * @param directory local or on any file system Hadoop knows; made when missing
     * @param command what makes this report again, for the page; may be empty
     * @param supplements sections that only some sweeps have, in this order
     * @return the files written
     */
    public List<Path> write(Configuration configuration, Path directory, String command, Supplement... supplements)
            throws IOException {
        SweepDetails details = details();
        List<PanelSection> panels = panelSections(details);
        Map<String, byte[]> contents = new LinkedHashMap<>();
        texts(panels, details, command, supplements).forEach((name, text) -> contents.put(name, utf8(text)));
        addPictures(contents, panels);
        return new ReportDirectory(configuration, directory).write(contents);
    }

    List<PanelSection> panelSections(SweepDetails details) {
        List<Findings> findings = findings();
        return IntStream.range(0, findings.size())
                .mapToObj(number -> new PanelSection(number, findings.get(number), details, tables))
                .toList();
    }

    SweepDetails details() throws IOException {
        if (store == null) {
            throw new IllegalStateException("A report without a store has no page");
        }
        return SweepDetails.read(store, results.sweepId());
    }

    /** The files that are no pictures, by name. */
    Map<String, String> texts(
            List<PanelSection> panels, SweepDetails details, String command, Supplement... supplements)
            throws IOException {
        List<Findings> findings = findings();
        List<Section> sections = new ArrayList<>();
        if (!race.isEmpty()) {
            sections.add(new RaceSection(race));
        }
        sections.addAll(panels);
        sections.addAll(across().sections());
        for (Supplement supplement : supplements) {
            sections.addAll(supplement.sections(findings));
        }
        if (!details.open().isEmpty()) {
            sections.add(new OpenSection(
                    details.open().values(),
                    this.panels.stream().map(Panel::common).collect(Collectors.toSet())));
        }
        sections.add(new FailedSection(results, details));
        sections.add(new SettingsSection(results, findings, command));
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(PAGE, new Page(results, race, findings, sections).text());
        texts.put("report.md", markdown(sections));
        List<String> csv = new ArrayList<>(List.of(SweepTable.CSV_HEADER));
        tables.forEach(table -> csv.addAll(table.csv()));
        texts.put("tables.csv", String.join("\n", csv) + "\n");
        texts.put("differences.csv", DifferenceTable.csv(findings));
        return texts;
    }

    private AcrossPanels across() {
        AcrossPanels known = across;
        if (known == null) {
            known = AcrossPanels.of(panels, compared, axes);
            across = known;
        }
        return known;
    }

    private void addPictures(Map<String, byte[]> contents, List<PanelSection> sections) throws IOException {
        for (SweepTable table : tables) {
            if (!table.alphas().isEmpty()) {
                Chart map = new HeatMap(table).chart();
                contents.put(pictureName(table) + ".png", map.png());
                contents.put(pictureName(table) + ".svg", utf8(map.svg()));
            }
        }
        for (PanelSection section : sections) {
            for (Chart chart : section.charts()) {
                Chart alone =
                        chart.titled(chart.title() + ": " + section.panel().title());
                String name = name(section.panel(), "chart-") + "-" + chart.slug();
                contents.put(name + ".png", alone.png());
                contents.put(name + ".svg", utf8(alone.svg()));
            }
        }
        for (Map.Entry<String, Chart> picture : across().pictures().entrySet()) {
            String name = (results.generated() ? "generated-" : "") + picture.getKey();
            contents.put(name + ".png", picture.getValue().png());
            contents.put(name + ".svg", utf8(picture.getValue().svg()));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String markdown(List<Section> sections) {
        StringBuilder text = new StringBuilder(summary());
        sections.forEach(section -> text.append(section.markdown()));
        text.append('\n').append(YARDSTICKS);
        for (SweepTable table : tables) {
            text.append('\n').append(table.markdown());
            if (!table.alphas().isEmpty()) {
                text.append("\n![")
                        .append(table.title())
                        .append("](")
                        .append(pictureName(table))
                        .append(".png)\n");
            }
        }
        return text.append("\n## Trials\n\n```\n")
                .append(trialTable())
                .append("```\n")
                .toString();
    }

    /** For example {@code generated-1-resnet56-resnet20-test-loss}. */
    private String pictureName(SweepTable table) {
        int number = tables.indexOf(table) / Quantity.values().length + 1;
        return name(table.panel(), "heatmap-", number) + "-" + table.quantity().slug();
    }

    private String name(Panel panel, String kind) {
        return name(panel, kind, panels.indexOf(panel) + 1);
    }

    private static String name(Panel panel, String kind, int number) {
        String pair = panel.common().teacher() + "-" + panel.common().student();
        return (panel.generated() ? "generated-" : kind) + number + "-"
                + pair.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-");
    }

    private String summary() {
        StringBuilder text = new StringBuilder();
        text.append("# Sweep ").append(results.sweepId()).append("\n\n");
        if (results.generated()) {
            text.append("**Some or all images are generated, not photographs: these numbers show that the program")
                    .append(" works, not how good a student is.**\n\n");
        }
        results.computedBy()
                .mixed()
                .ifPresent(sentence -> text.append("**").append(sentence).append("**\n\n"));
        text.append(results.finished().size())
                .append(" of ")
                .append(results.planned())
                .append(" planned trials are finished, ")
                .append(results.endedEarly())
                .append("; ")
                .append(results.missing() == 0 ? "none" : results.missing())
                .append(" missing. Test numbers are those after the last epoch.\n\n");
        race.lines().forEach(line -> text.append(line).append("\n\n"));
        for (Panel panel : Panel.of(results.finished())) {
            text.append("* ")
                    .append(panel.title())
                    .append(": ")
                    .append(panel.teacherInWords())
                    .append('\n');
        }
        if (!results.otherSweeps().isEmpty()) {
            text.append("\nOther sweeps in the same results: ")
                    .append(String.join(", ", results.otherSweeps()))
                    .append(".\n");
        }
        return text.toString();
    }
}
