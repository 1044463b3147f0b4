package org.focaldistill.report;

import static j2html.TagCreator.code;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import j2html.tags.specialized.SectionTag;
import java.util.ArrayList;
import java.util.List;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;

/** What did not end well, with the reason, and what has not ended. */
record FailedSection(SweepResults results, SweepDetails sweepDetails) implements Section {
    @Override
    public String id() {
        return "failed";
    }

    @Override
    public String link() {
        return "What failed";
    }

    @Override
    public SectionTag html() {
        SectionTag section = section(h2("What failed, diverged, went negative or was stopped early"));
        List<DomContent> rows = rows();
        section.with(
                rows.isEmpty()
                        ? p("Nothing.")
                        : div(table(
                                        thead(tr(th("trial"), th("cell or attempt"), th("end"), th("reason"))),
                                        tbody(each(rows, row -> row))))
                                .withClass("scroll"));
        if (!sweepDetails.unfinished().isEmpty()) {
            section.with(details(
                    summary("Without a result yet: " + sweepDetails.unfinished().size() + " of the planned trials"),
                    p(String.join(" ", sweepDetails.unfinished()))));
        }
        return section;
    }

    private List<DomContent> rows() {
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
        for (AttemptRow attempt : sweepDetails.lost()) {
            rows.add(row(
                    attempt.trialId(),
                    "attempt " + attempt.attempt() + " on " + attempt.host(),
                    attempt.end().name(),
                    FailureReason.of(attempt)));
        }
        return rows;
    }

    private static DomContent row(String trial, String what, String end, String reason) {
        return tr(td(code(trial)), td(what), td(end), td(reason).withClass("long"));
    }
}
