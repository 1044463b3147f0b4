package org.focaldistill.report;

import java.util.ArrayList;
import java.util.List;
import org.focaldistill.report.SweepResults.Finished;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome.Scaled;
import org.focaldistill.sweep.TrialOutcome.TestMetrics;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;

/** Calibration of every trial on the test images, before and after temperature scaling. */
final class CalibrationTable {
    private static final String DASH = "-";

    private CalibrationTable() {}

    /** One row a trial that ran to its end. */
    static TextGrid of(List<Finished> trials) {
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
        for (Finished trial : trials) {
            TestMetrics metrics = trial.outcome().testMetrics();
            if (metrics != null && trial.outcome().status() == TrialStatus.OK) {
                Trial of = trial.outcome().trial();
                List<String> cells = new ArrayList<>(List.of(
                        Findings.shortName(of.loss().weights()),
                        of.seed().toString(),
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
        return grid;
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
}
