package org.focaldistill.report;

import java.util.List;
import java.util.stream.Collectors;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialOutcome.TestMetrics;
import org.focaldistill.sweep.TrialStatus;

/** One row a trial, at most 80 characters wide: what a sweep prints when it ends. */
final class TrialTable {
    private static final int WIDTH = 80;
    private static final int ACCURACY_PLACES = 2;
    private static final String NOTHING = "-";

    private TrialTable() {}

    /**
     * @param compared those trials that losses are compared by
     * @param raced the sweep has an answer of its own to which cell is best
     */
    static String of(SweepResults results, List<Finished> compared, List<Findings> panels, boolean raced) {
        StringBuilder text = new StringBuilder();
        text.append("Sweep ")
                .append(results.sweepId())
                .append(": ")
                .append(results.finished().size())
                .append(" of ")
                .append(results.planned())
                .append(" trials finished")
                .append(results.missing() == 0 ? "" : ", " + results.missing() + " missing")
                .append('\n');
        results.computedBy().mixed().ifPresent(sentence -> text.append('\n').append(TextGrid.wrap(sentence, WIDTH)));
        if (raced) {
            Panel.of(results.finished()).forEach(panel -> append(text, panel));
        } else {
            panels.forEach(findings -> {
                append(text, findings.panel());
                findings.best()
                        .flatMap(BestCell::sentence)
                        .ifPresent(best -> text.append('\n').append(TextGrid.wrap(best, WIDTH)));
            });
        }
        VariantTable.of(compared)
                .forEach(table -> text.append('\n')
                        .append(TextGrid.wrap(table.title(), WIDTH))
                        .append(String.join("\n", table.grid().wrapped(WIDTH)))
                        .append('\n')
                        .append(TextGrid.wrap(table.sentence(), WIDTH)));
        PointTable.of(results.finished())
                .forEach((pair, points) -> text.append('\n')
                        .append(TextGrid.wrap("Points of " + pair + ", the lowest CE first", WIDTH))
                        .append(String.join("\n", points.wrapped(WIDTH))));
        return text.append(
                        "\nroles: G grid, B baseline, L line, R reference, P point, V variant; seed:\ndata/init where they differ; top-1 and ECE (15 bins) in %\n")
                .toString();
    }

    private static void append(StringBuilder text, Panel panel) {
        text.append('\n')
                .append(TextGrid.wrap(panel.title(), WIDTH))
                .append(grid(panel).text());
    }

    private static TextGrid grid(Panel panel) {
        TextGrid grid = new TextGrid(
                List.of("role", "alpha", "beta", "gamma", "T", "seed", "status", "top-1", "test loss", "CE", "ECE"));
        for (Finished finished : panel.trials()) {
            TrialOutcome outcome = finished.outcome();
            LossWeights weights = Panel.weights(finished);
            grid.add(List.of(
                    roles(finished),
                    Decimals.compact(weights.alpha()),
                    Decimals.compact(weights.beta()),
                    Decimals.compact(weights.gamma()),
                    Decimals.compact(outcome.trial().loss().temperature()),
                    outcome.trial().seed().toString(),
                    status(outcome),
                    show(Quantity.TEST_TOP1, outcome),
                    show(Quantity.TEST_LOSS, outcome),
                    show(Quantity.TEST_CE, outcome),
                    ece(outcome)));
        }
        return grid;
    }

    private static String roles(Finished finished) {
        return finished.roles().stream()
                .sorted()
                .map(role -> role.name().substring(0, 1))
                .collect(Collectors.joining());
    }

    private static String status(TrialOutcome outcome) {
        return switch (outcome.status()) {
            case OK -> "OK";
            case DIVERGED -> "DIVERGED";
            case STOPPED_EARLY -> "STOPPED";
        };
    }

    private static String show(Quantity quantity, TrialOutcome outcome) {
        Double value = quantity.of(outcome);
        return value == null ? NOTHING : quantity.format(value);
    }

    private static String ece(TrialOutcome outcome) {
        TestMetrics metrics = outcome.testMetrics();
        return metrics == null || outcome.status() != TrialStatus.OK
                ? NOTHING
                : Decimals.fixed(100 * metrics.ece(), ACCURACY_PLACES);
    }
}
