package org.focaldistill.report;

import static j2html.TagCreator.details;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.section;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.ul;

import j2html.tags.specialized.SectionTag;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.sweep.TrialOutcome;

/**
 * What would make the numbers again, and where they come from.
 *
 * @param command what makes the report again; may be empty
 */
record SettingsSection(SweepResults results, List<Findings> findings, String command) implements Section {
    @Override
    public String id() {
        return "settings";
    }

    @Override
    public String link() {
        return "Settings";
    }

    @Override
    public SectionTag html() {
        SectionTag section = section(h2("Settings, versions and the command"));
        for (Findings each : findings) {
            section.with(details(
                    summary(each.panel().title()),
                    pre(each.common()
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
                li("finished (UTC): "
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
}
