package org.focaldistill.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.code;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.script;
import static j2html.TagCreator.section;
import static j2html.TagCreator.style;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.SectionTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialOutcome.Scaled;
import org.focaldistill.sweep.TrialOutcome.TestMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.YardstickSplit;
import org.focaldistill.sweep.noise.CellDifference;
import org.focaldistill.sweep.noise.Comparison;
import org.focaldistill.sweep.noise.Interval;
import org.jspecify.annotations.Nullable;

/** The report as one HTML page that needs nothing else: no network, no other file. */
final class Page {
    private static final String DASH = "-";
    /** A browser then refuses whatever the page might load. */
    private static final String NOTHING_ELSE =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

    private final SweepResults results;
    private final SweepDetails details;
    private final List<Findings> findings;
    private final List<SweepTable> tables;
    private final String command;
    private final Map<Panel, List<Chart>> charts = new LinkedHashMap<>();
    private final String text;

    /** @param command what makes this page again; may be empty */
    Page(SweepResults results, SweepDetails details, List<Findings> findings, List<SweepTable> tables, String command) {
        this.results = results;
        this.details = details;
        this.findings = findings;
        this.tables = tables;
        this.command = command;
        this.text = render();
    }

    String text() {
        return text;
    }

    private String render() {
        String name = "Sweep " + results.sweepId();
        List<SectionTag> panels = IntStream.range(0, findings.size())
                .mapToObj(number -> panel(number, findings.get(number)))
                .toList();
        return document(html(
                        head(
                                meta().withCharset("utf-8"),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                meta().attr("http-equiv", "Content-Security-Policy")
                                        .withContent(NOTHING_ELSE),
                                title(name),
                                style(rawHtml(resource("page.css")))),
                        body(
                                h1(name),
                                opening(),
                                nav(ul(
                                        each(
                                                IntStream.range(0, findings.size())
                                                        .boxed()
                                                        .toList(),
                                                number -> li(a(findings.get(number)
                                                                .panel()
                                                                .title())
                                                        .withHref("#panel-" + number))),
                                        li(a("The study's Table 1").withHref("#study")),
                                        li(a("How a loss gets below zero").withHref("#mistakes")),
                                        li(a("What failed").withHref("#failed")),
                                        li(a("Settings").withHref("#settings")))),
                                each(panels, panel -> panel),
                                study(),
                                mistakes(),
                                failed(),
                                settings(),
                                div().withId("tip").attr("role", "status"),
                                script(rawHtml(resource("page.js")))))
                .withLang("en"));
    }

    /** The page's charts but for heat maps of the tables, by panel. */
    Map<Panel, List<Chart>> charts() {
        return charts;
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream("/report/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its resource report/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DivTag opening() {
        DivTag opening = div();
        if (results.generated()) {
            opening.with(
                    p("Some or all images are generated, not photographs: these numbers show that the program works,"
                                    + " not how good a student is.")
                            .withClass("warning"));
        }
        for (Findings each : findings) {
            String sentence = new Verdict(each).sentence();
            opening.with(p(findings.size() == 1 ? sentence : each.panel().title() + ": " + sentence)
                    .withClass("verdict"));
        }
        return opening.with(p(results.finished().size() + " of " + results.planned() + " planned trials are finished, "
                        + diverged()
                        + " of them DIVERGED. Test numbers are those after the last epoch. Point at or touch"
                        + " a cell or mark in a chart for its numbers.")
                .withClass("soft"));
    }

    private long diverged() {
        return results.finished().stream()
                .filter(trial -> trial.outcome().status() == TrialStatus.DIVERGED)
                .count();
    }

    private SectionTag panel(int number, Findings each) {
        String id = "panel-" + number;
        Pictures pictures = new Pictures(each, details);
        SectionTag section = section().withId(id);
        section.with(h2(each.panel().title()));
        section.with(p("Baseline: " + Findings.name(each.baseline()) + ". The " + Report.teacher(each.panel()) + ".")
                .withClass("soft"));
        List<SweepTable> own = tables.stream()
                .filter(table ->
                        table.panel().equals(each.panel()) && !table.alphas().isEmpty())
                .toList();
        section.with(h3("Heat maps"), heatMaps(id, own, each), besides(own));
        section.with(h3("How much of it is the yardstick?"), yardstickWords(), yardsticks(id, own, each));
        section.with(h3("Is it more than noise?"), noise(each));
        addCharts(section, id, each, pictures.differences());
        addCharts(section, id, each, pictures.effects());
        section.with(
                h3("Training curves"),
                p("Mean of the seeds. The other cells are grey.").withClass("soft"));
        addCharts(section, id, each, pictures.training());
        section.with(h3("Calibration"), calibration(each));
        addCharts(section, id, each, pictures.reliability());
        addCharts(section, id, each, pictures.accuracyAgainstEce());
        section.with(h3("Loss components as gamma grows"));
        addCharts(section, id, each, pictures.components());
        return section;
    }

    private void addCharts(SectionTag section, String id, Findings each, List<Chart> more) {
        charts.computeIfAbsent(each.panel(), panel -> new ArrayList<>()).addAll(more);
        if (!more.isEmpty()) {
            section.with(
                    div(each(more, chart -> picture(id, chart, chart.title()))).withClass("charts"));
        }
    }

    private static DomContent picture(String id, Chart chart, String caption) {
        return figure(
                        figcaption(caption),
                        div(rawHtml(chart.inline(id + "-" + chart.slug()))).withClass("picture"))
                .withClass(chart.width() > 600 ? "wide" : "");
    }

    private static DivTag heatMaps(String id, List<SweepTable> own, Findings each) {
        List<DomContent> maps = new ArrayList<>();
        for (SweepTable table : own) {
            Chart map = HeatMap.forPage(table, cell -> each.describe(cell.weights()))
                    .chart();
            String caption = table.quantity() == Quantity.TEST_CE ? "test CE, which is the NLL" : table.valueTitle();
            maps.add(picture(id + "-" + maps.size(), map, caption + " (" + table.settings() + ")"));
        }
        return maps.isEmpty()
                ? div(p("The sweep has no grid here."))
                : div(each(maps, map -> map)).withClass("charts");
    }

    private static DivTag besides(List<SweepTable> own) {
        if (own.isEmpty()) {
            return div();
        }
        List<TextGrid> grids = own.stream().map(SweepTable::besidesGrid).toList();
        if (grids.get(0).rows().isEmpty()) {
            return div();
        }
        List<String> header = new ArrayList<>(grids.get(0).header().subList(0, 4));
        own.forEach(table -> header.add(table.valueTitle()));
        header.add("seeds");
        TextGrid together = new TextGrid(header);
        for (int row = 0; row < grids.get(0).rows().size(); row++) {
            List<String> first = grids.get(0).rows().get(row);
            List<String> cells = new ArrayList<>(first.subList(0, 4));
            for (TextGrid grid : grids) {
                cells.add(grid.rows().get(row).get(4));
            }
            cells.add(first.get(5));
            together.add(cells);
        }
        return scrolling(together);
    }

    private static DivTag yardstickWords() {
        return div(
                p("The total loss of a cell is measured with that cell's own weights, so two cells are two yardsticks."
                        + " With L = alpha T²KL + beta CE + gamma F and beta = 1 - alpha, the very same network gives"),
                pre("dL/dgamma = F            (at least 0 for a correct focal loss)\ndL/dalpha = T²KL - CE"),
                p(
                        "So the optimum can not fall as gamma grows, and much of a heat map of totals is mechanical. Below, every"
                                + " cell's difference from the baseline b is split: first what the cell's weights w make of the"
                                + " baseline's own network, L(θb; w) - L(θb; wb), then what the cell learned otherwise, both"
                                + " networks measured with the cell's weights, L(θ; w) - L(θb; w). Both maps have one scale. The"
                                + " maps of CE and of the loss at alpha 0.5, beta 0.5 above use one yardstick for all."));
    }

    private DivTag yardsticks(String id, List<SweepTable> own, Findings each) {
        SweepTable grid = own.stream()
                .filter(table -> table.quantity() == Quantity.TEST_LOSS)
                .findFirst()
                .orElse(null);
        Map<LossWeights, YardstickSplit> splits = each.yardsticks();
        if (grid == null || splits.isEmpty()) {
            return div(p("Without the baseline's result there is no split."));
        }
        double range = splits.entrySet().stream()
                .filter(split ->
                        grid.cell(split.getKey().alpha(), split.getKey().gamma()) != null)
                .map(Map.Entry::getValue)
                .mapToDouble(split -> Math.max(Math.abs(split.yardstick()), Math.abs(split.learned())))
                .max()
                .orElse(0);
        List<Chart> maps = List.of(
                difference(grid, "the yardstick's part", "yardstick", splits, YardstickSplit::yardstick, range, each),
                difference(grid, "what was learned", "learned", splits, YardstickSplit::learned, range, each));
        charts.computeIfAbsent(each.panel(), panel -> new ArrayList<>()).addAll(maps);
        return div(
                        picture(id, maps.get(0), "Test total loss beside the baseline: the yardstick's part"),
                        picture(id, maps.get(1), "Test total loss beside the baseline: what was learned"))
                .withClass("charts");
    }

    private static Chart difference(
            SweepTable grid,
            String what,
            String slug,
            Map<LossWeights, YardstickSplit> splits,
            Function<YardstickSplit, Double> part,
            double range,
            Findings each) {
        Map<LossWeights, Double> values = new LinkedHashMap<>();
        splits.forEach((cell, split) -> values.put(cell, part.apply(split)));
        return HeatMap.forPage(
                        new DifferenceGrid(grid, "test total loss, " + what, slug, values, range),
                        cell -> tip(splits.get(cell.weights()), cell.weights(), each))
                .chart();
    }

    private static String tip(@Nullable YardstickSplit split, LossWeights cell, Findings each) {
        if (split == null) {
            return Findings.name(cell) + "\nno value";
        }
        return Findings.name(cell) + "\ndifference in test total loss " + Decimals.signed(split.total(), 4)
                + "\nyardstick " + Decimals.signed(split.yardstick(), 4) + "\nlearned "
                + Decimals.signed(split.learned(), 4) + "\nbaseline: " + Findings.name(each.baseline());
    }

    private static DivTag noise(Findings each) {
        DivTag noise = div();
        List<String> statements = new Verdict(each).details();
        if (!statements.isEmpty()) {
            noise.with(ul(each(statements, statement -> li(statement))));
        }
        noise.with(
                p("Differences are taken seed by seed, the two trials sharing data order and initial weights. Intervals"
                                + " are 95 %: of one cell alone by Student's t, of all cells together by Dunnett's"
                                + " distribution with the noise of all cells, so that under no effect at all 5 sweeps in"
                                + " 100 show any cell beyond noise, however many cells there are. That holds for each"
                                + " quantity by itself, and where noise is alike in all cells.")
                        .withClass("soft"));
        for (Quantity quantity : Verdict.JUDGED) {
            each.comparison(quantity)
                    .ifPresent(comparison -> noise.with(details(
                            summary("Every cell beside the baseline: " + quantity.title()),
                            scrolling(differences(quantity, comparison)))));
        }
        return noise;
    }

    static TextGrid differences(Quantity quantity, Comparison comparison) {
        TextGrid grid = new TextGrid(List.of(
                "alpha / beta / gamma",
                "seeds",
                "difference",
                "sd",
                "correlation",
                "interval alone",
                "interval with all",
                "p with all"));
        for (CellDifference each : comparison.differences()) {
            Double sd = each.sd();
            Double correlation = each.correlation();
            Double p = comparison.p(each);
            grid.add(List.of(
                    Pictures.shortName(each.cell()),
                    String.valueOf(each.pairs()),
                    Verdict.signed(quantity, each.mean()),
                    sd == null ? DASH : quantity.format(sd),
                    correlation == null ? DASH : Decimals.fixed(correlation, 2),
                    interval(quantity, each.alone()),
                    interval(quantity, each.among()) + (each.beyondNoise() ? " *" : ""),
                    p == null ? DASH : Decimals.p(p)));
        }
        return grid;
    }

    private static String interval(Quantity quantity, @Nullable Interval interval) {
        return interval == null
                ? DASH
                : Verdict.signed(quantity, interval.low()) + " to " + Verdict.signed(quantity, interval.high());
    }

    private static DivTag calibration(Findings each) {
        TextGrid grid = new TextGrid(List.of(
                "alpha / beta / gamma",
                "seed",
                "NLL",
                "ECE %",
                "adaptive %",
                "classwise %",
                "T by NLL",
                "NLL then",
                "ECE % then",
                "T by ECE",
                "NLL then",
                "ECE % then",
                "as teacher %"));
        for (Finished trial : each.panel().trials()) {
            TestMetrics metrics = trial.outcome().testMetrics();
            if (metrics != null) {
                Trial of = trial.outcome().trial();
                List<String> cells = new ArrayList<>(List.of(
                        Pictures.shortName(of.loss().weights()),
                        of.dataSeed() == of.initSeed() ? of.dataSeed() + "" : of.dataSeed() + "/" + of.initSeed(),
                        Decimals.fixed(metrics.nll(), 4),
                        percent(metrics.ece()),
                        percent(metrics.adaEce()),
                        Decimals.fixed(100 * metrics.classwiseEce(), 3)));
                cells.addAll(scaled(metrics.scaledByNll()));
                cells.addAll(scaled(metrics.scaledByEce()));
                cells.add(Double.isNaN(metrics.agreementTop1()) ? DASH : percent(metrics.agreementTop1()));
                grid.add(cells);
            }
        }
        return div(
                p("Temperature scaling divides the logits by one temperature, fitted on held-out images by NLL or by ECE,"
                                + " and leaves accuracy as it is; it is not the temperature of the loss. Without held-out"
                                + " images there is none.")
                        .withClass("soft"),
                details(summary("Calibration of every trial"), scrolling(grid)));
    }

    private static List<String> scaled(@Nullable Scaled scaled) {
        if (scaled == null) {
            return List.of(DASH, DASH, DASH);
        }
        Double nll = scaled.nll();
        return List.of(
                Decimals.fixed(scaled.temperature(), 1),
                nll == null ? DASH : Decimals.fixed(nll, 4),
                percent(scaled.ece()));
    }

    private static String percent(double share) {
        return Decimals.fixed(100 * share, 2);
    }

    private SectionTag study() {
        return section(
                        h2("The study's Table 1 beside ours"),
                        scrolling(StudyTable.of(findings)),
                        p("Test top-1 in percent. Study and zoo trained 240 epochs on all 50,000 images; ours as the"
                                + " settings below say, mean ± standard deviation of the seeds, a teacher being matched by"
                                + " its name. Recipes differ even between study and zoo, so compare what a teacher adds,"
                                + " not the accuracies."))
                .withId("study");
    }

    private SectionTag mistakes() {
        double exponent = findings.stream()
                .map(each -> each.panel().common().loss().focalExponent())
                .findFirst()
                .orElse(2.0);
        List<Chart> charts = FocalMistakes.charts(exponent);
        return section(
                        h2("How a loss gets below zero"),
                        p(
                                "A correct focal loss lies between 0 and CE, whatever its weight. Two mistakes do go negative as"
                                        + " gamma grows, and are offered as focal forms to be studied: the entropy bound"
                                        + " CE - e H(p) of Mukhoti et al. 2020 taken for the loss, and a lost minus sign. They are"
                                        + " candidates, not the known cause of anything in the study. One image, beta 1, the"
                                        + " other 99 classes equally likely:"),
                        div(each(charts, chart -> picture("mistakes", chart, chart.title())))
                                .withClass("charts"))
                .withId("mistakes");
    }

    private SectionTag failed() {
        SectionTag section =
                section(h2("What failed, diverged or went negative")).withId("failed");
        List<DomContent> rows = new ArrayList<>();
        for (Finished trial : results.finished()) {
            TrialOutcome outcome = trial.outcome();
            Long negative = outcome.firstNegativeStep();
            if (outcome.status() != TrialStatus.OK || negative != null) {
                String reason = (outcome.statusDetail() == null ? "" : outcome.statusDetail() + ". ")
                        + (negative == null ? "" : "First negative total at step " + negative + ".");
                rows.add(row(
                        outcome.trial().id(),
                        Findings.name(Panel.weights(trial)),
                        outcome.status().name(),
                        reason));
            }
        }
        for (AttemptRow attempt : details.lost()) {
            rows.add(row(
                    attempt.trialId(),
                    "attempt " + attempt.attempt() + " on " + attempt.host(),
                    attempt.end().name(),
                    FailureReason.of(attempt)));
        }
        section.with(
                rows.isEmpty()
                        ? p("Nothing.")
                        : div(table(
                                        thead(tr(th("trial"), th("cell or attempt"), th("end"), th("reason"))),
                                        tbody(each(rows, row -> row))))
                                .withClass("scroll"));
        if (!details.unfinished().isEmpty()) {
            section.with(details(
                    summary("Without a result yet: " + details.unfinished().size() + " of the planned trials"),
                    p(String.join(" ", details.unfinished()))));
        }
        return section;
    }

    private static DomContent row(String trial, String what, String end, String reason) {
        return tr(td(code(trial)), td(what), td(end), td(reason).withClass("long"));
    }

    private SectionTag settings() {
        SectionTag section = section(h2("Settings, versions and the command")).withId("settings");
        for (Findings each : findings) {
            section.with(details(
                    summary(each.panel().title()),
                    pre(each.panel()
                            .common()
                            .canonical()
                            .lines()
                            .filter(line -> !line.matches("(loss\\.(alpha|beta|gamma)|dataSeed|initSeed)=.*"))
                            .collect(Collectors.joining("\n")))));
        }
        section.with(ul(
                li("versions: " + run(outcome -> outcome.run().codeVersion())),
                li("backends: " + run(outcome -> outcome.run().backend())),
                li("machines: "
                        + run(outcome ->
                                outcome.run().host() + " " + outcome.run().device())),
                li("finished: "
                        + run(outcome -> outcome.run().finishedAt().toString().substring(0, 10)))));
        return command.isEmpty()
                ? section
                : section.with(p("This page is what the following command makes:"), pre(command));
    }

    private String run(Function<TrialOutcome, String> part) {
        TreeSet<String> found = new TreeSet<>();
        results.finished().forEach(trial -> found.add(part.apply(trial.outcome())));
        return String.join("; ", found);
    }

    private static DivTag scrolling(TextGrid grid) {
        return div(table(
                        thead(tr(each(grid.header(), cell -> th(cell)))),
                        tbody(each(grid.rows(), row -> tr(each(row, cell -> td(cell)))))))
                .withClass("scroll");
    }
}
