package org.focaldistill.report;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.SectionTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What was found in one panel: heat maps, the yardstick's part, noise, curves and calibration. */
final class PanelSection implements Section {
    private static final String CROSSED =
            " Every data order meets every initialisation here, so what each of the two does to"
                    + " a cell is noise of its own, with as many repetitions as it has seeds (variance components, with"
                    + " Satterthwaite's degrees of freedom).";

    private final String id;
    private final Findings findings;
    private final boolean raced;
    private final Optional<String> comparedBy;
    private final List<SweepTable> grids;
    private final YardstickMaps yardsticks;
    private final List<Chart> differences;
    private final List<Chart> effects;
    private final List<Chart> training;
    private final List<Chart> reliability;
    private final List<Chart> accuracyAgainstEce;
    private final List<Chart> components;

    /**
     * Draws what the panel has beside its heat maps.
     *
     * @param number of the panel in the report
     * @param tables of all panels
     */
    PanelSection(int number, Findings findings, SweepDetails details, List<SweepTable> tables) {
        this.id = "panel-" + number;
        this.findings = findings;
        this.raced = !details.race().isEmpty();
        this.comparedBy = details.race().comparedBy(findings.common());
        this.grids = tables.stream()
                .filter(table -> table.panel().equals(findings.panel())
                        && !table.alphas().isEmpty())
                .toList();
        this.yardsticks = new YardstickMaps(grids, findings);
        Pictures pictures = new Pictures(findings, details);
        this.differences = pictures.differences();
        this.effects = pictures.effects();
        this.training = pictures.training();
        this.reliability = pictures.reliability();
        this.accuracyAgainstEce = pictures.accuracyAgainstEce();
        this.components = pictures.components();
    }

    Panel panel() {
        return findings.panel();
    }

    /** Every chart of the page's section but for heat maps of the tables, in its order. */
    List<Chart> charts() {
        return Stream.of(
                        yardsticks.charts(),
                        differences,
                        effects,
                        training,
                        reliability,
                        accuracyAgainstEce,
                        components)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String link() {
        return panel().title();
    }

    @Override
    public SectionTag html() {
        SectionTag section = section(
                h2(panel().title()),
                p("Baseline: " + Findings.name(findings.baseline()) + ". The " + panel().teacherInWords() + ".")
                        .withClass("soft"));
        comparedBy.ifPresent(how -> section.with(p(how)));
        section.with(h3("Heat maps"), heatMaps(), besides());
        section.with(h3("How much of it is the yardstick?"), YardstickMaps.words(), yardsticks.html(id));
        best().ifPresent(best -> section.with(h3("Which cell is best?"), p(best)));
        section.with(h3("Is it more than noise?"), noise());
        addCharts(section, differences);
        addCharts(section, effects);
        section.with(
                h3("Training curves"),
                p("Mean of the seeds. The other cells are grey. Trials that have not ended are called open and have lines"
                                + " of short dashes, each for itself; those that were stopped early are grey lines with a"
                                + " cross where they ended, and in no mean.")
                        .withClass("soft"));
        addCharts(section, training);
        section.with(h3("Calibration"), calibration(), reliability.isEmpty() ? div() : reliabilityInWords());
        addCharts(section, reliability);
        addCharts(section, accuracyAgainstEce);
        section.with(h3("Loss components as gamma grows"));
        addCharts(section, components);
        return section;
    }

    /** Not where a race was asked: it has an answer of its own, or its question was another. */
    private Optional<String> best() {
        return raced ? Optional.empty() : findings.best().flatMap(BestCell::sentence);
    }

    private void addCharts(SectionTag section, List<Chart> charts) {
        if (!charts.isEmpty()) {
            section.with(Chart.gallery(id, charts));
        }
    }

    private DivTag heatMaps() {
        List<DomContent> maps = new ArrayList<>();
        for (SweepTable table : grids) {
            Chart map = HeatMap.forPage(table, cell -> findings.describe(cell.weights()))
                    .chart();
            String caption = table.quantity() == Quantity.TEST_CE ? "test CE, which is the NLL" : table.valueTitle();
            maps.add(map.figure(id + "-" + maps.size(), caption + " (" + table.settings() + ")"));
        }
        return maps.isEmpty()
                ? div(p("The sweep has no grid here."))
                : div(each(maps, map -> map)).withClass("charts");
    }

    /** One table of the cells beside the grid, with a column a quantity. */
    private DivTag besides() {
        if (grids.isEmpty()) {
            return div();
        }
        List<TextGrid> besides = grids.stream().map(SweepTable::besidesGrid).toList();
        if (besides.get(0).rows().isEmpty()) {
            return div();
        }
        List<String> header = new ArrayList<>(besides.get(0).header().subList(0, 4));
        grids.forEach(table -> header.add(table.valueTitle()));
        header.add("seeds");
        TextGrid together = new TextGrid(header);
        for (int row = 0; row < besides.get(0).rows().size(); row++) {
            List<String> first = besides.get(0).rows().get(row);
            List<String> cells = new ArrayList<>(first.subList(0, 4));
            for (TextGrid grid : besides) {
                cells.add(grid.rows().get(row).get(4));
            }
            cells.add(first.get(5));
            together.add(cells);
        }
        return together.html();
    }

    private boolean crossed() {
        return Verdict.JUDGED.stream()
                .flatMap(quantity -> findings.comparison(quantity).stream())
                .anyMatch(comparison -> comparison.table().layout().crossed());
    }

    private DivTag noise() {
        DivTag noise = div();
        List<String> statements = new Verdict(findings).details();
        if (!statements.isEmpty()) {
            noise.with(ul(each(statements, statement -> li(statement))));
        }
        noise.with(
                p("Differences are taken seed by seed, the two trials sharing data order and initial weights. Intervals"
                                + " are 95 %: of one cell alone by Student's t, of all cells together by Dunnett's"
                                + " distribution with the noise of all cells, so that under no effect at all 5 sweeps in"
                                + " 100 show any cell beyond noise, however many cells there are. That holds for each"
                                + " quantity by itself, and where noise is alike in all cells."
                                + (crossed() ? CROSSED : ""))
                        .withClass("soft"));
        for (Quantity quantity : Verdict.JUDGED) {
            findings.comparison(quantity)
                    .ifPresent(comparison -> noise.with(details(
                            summary("Every cell beside the baseline: " + quantity.title()),
                            DifferenceTable.of(quantity, comparison).html())));
        }
        return noise;
    }

    private DivTag calibration() {
        return div(
                p("Temperature scaling divides the logits by one temperature, fitted on held-out images by NLL or by ECE,"
                                + " and leaves accuracy as it is; it is not the temperature of the loss. Without held-out"
                                + " images there is none.")
                        .withClass("soft"),
                details(
                        summary("Calibration of every trial"),
                        CalibrationTable.of(panel().trials()).html()));
    }

    private static DomContent reliabilityInWords() {
        return p("In a reliability diagram each mark is a bin of confidence with the 95 % interval of its accuracy"
                        + " (Wilson), for as many images as one seed has in it, as the seeds' test images are the same."
                        + " Bins of few images are pale; the bars below show the share of images in each.")
                .withClass("soft");
    }

    /** What can be said, with every cell's difference from the baseline. */
    @Override
    public String markdown() {
        Verdict verdict = new Verdict(findings);
        StringBuilder text = new StringBuilder("\n## What can be said: ")
                .append(panel().title())
                .append("\n\n")
                .append(comparedBy.orElseGet(verdict::sentence))
                .append("\n");
        best().ifPresent(best -> text.append("\n").append(best).append("\n"));
        verdict.details().forEach(detail -> text.append("\n* ").append(detail));
        text.append("\n");
        for (Quantity quantity : Verdict.JUDGED) {
            findings.comparison(quantity)
                    .ifPresent(comparison -> text.append("\nDifferences from the baseline, ")
                            .append(quantity.title())
                            .append(" (* beyond noise):\n\n")
                            .append(DifferenceTable.of(quantity, comparison).markdown()));
        }
        if (!reliability.isEmpty()) {
            text.append("\nReliability diagrams, in pictures of their own:\n\n");
            reliability.forEach(chart -> text.append("* ")
                    .append(chart.title())
                    .append(". ")
                    .append(chart.words())
                    .append("\n"));
        }
        return text.toString();
    }
}
