package org.focaldistill.report;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.focaldistill.store.OpenTrial;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.PlanRow;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SweepRef;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** Everything the results say of one trial, as lines for people. */
public final class TrialDetails {
    private static final String NOTHING = "-";

    private TrialDetails() {}

    /** @param id a whole trial id */
    public static String of(ResultStore store, OpenTrials openTrials, String id) throws IOException {
        StringBuilder text = new StringBuilder();
        TrialOutcome outcome = store.trial(id);
        if (outcome != null) {
            ResultStore.columns(outcome).forEach((name, value) -> line(text, name, value));
        } else {
            unfinished(text, openTrials, id);
        }
        roles(text, store, id);
        attempts(text, store, id);
        List<EpochRow> epochs = outcome != null
                ? store.epochs(id)
                : store.openEpochs().course(id).stream()
                        .map(OpenEpochRow::epoch)
                        .toList();
        if (!epochs.isEmpty()) {
            text.append("\nepochs\n").append(grid(epochs).text());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, @Nullable Object value) {
        text.append(String.format(Locale.ROOT, "%-24s %s%n", name, value == null ? NOTHING : value));
    }

    private static void unfinished(StringBuilder text, OpenTrials openTrials, String id) throws IOException {
        line(text, "trial_id", id);
        line(text, "status", "no outcome yet");
        for (OpenTrial trial : openTrials.list()) {
            if (trial.id().equals(id)) {
                line(text, "epochs_saved", trial.epoch());
                if (trial.mark() != null) {
                    trial.mark().trial().canonical().lines().forEach(setting -> {
                        int equals = setting.indexOf('=');
                        line(text, setting.substring(0, equals), setting.substring(equals + 1));
                    });
                }
            }
        }
    }

    private static void roles(StringBuilder text, ResultStore store, String id) throws IOException {
        text.append("\nroles\n");
        for (SweepRef sweep : store.sweeps()) {
            for (PlanRow row : store.plan(sweep.id())) {
                if (row.trialId().equals(id)) {
                    text.append("  ")
                            .append(Words.of(row.role()))
                            .append(" in sweep ")
                            .append(sweep.id())
                            .append('\n');
                }
            }
        }
    }

    private static void attempts(StringBuilder text, ResultStore store, String id) throws IOException {
        List<AttemptRow> attempts = store.attempts().stream()
                .filter(attempt -> attempt.trialId().equals(id))
                .toList();
        if (attempts.isEmpty()) {
            return;
        }
        text.append("\nattempts\n");
        for (AttemptRow attempt : attempts) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %d %-7s %s to %s%s%s%n",
                    attempt.attempt(),
                    attempt.end(),
                    attempt.startedAt(),
                    attempt.finishedAt(),
                    attempt.host().isEmpty() ? "" : " on " + attempt.host() + ", " + attempt.device(),
                    attempt.error() == null ? "" : ": " + FailureReason.of(attempt)));
        }
    }

    private static TextGrid grid(List<EpochRow> epochs) {
        TextGrid grid = new TextGrid(List.of(
                "epoch", "rate", "loss", "KL", "CE", "focal", "val loss", "val top-1", "val ECE", "grad norm", "s"));
        for (EpochRow epoch : epochs) {
            SplitLoss validation = epoch.validation();
            grid.add(List.of(
                    Integer.toString(epoch.epoch()),
                    Decimals.compact(epoch.learningRate()),
                    Decimals.fixed(epoch.train().total(), 4),
                    Decimals.fixed(epoch.train().components().kl(), 4),
                    Decimals.fixed(epoch.train().components().ce(), 4),
                    Decimals.fixed(epoch.train().components().focal(), 4),
                    validation == null ? NOTHING : Decimals.fixed(validation.total(), 4),
                    percent(epoch.valTop1()),
                    percent(epoch.valEce()),
                    Decimals.fixed(epoch.gradNorm(), 3),
                    Decimals.fixed(epoch.seconds(), 1)));
        }
        return grid;
    }

    private static String percent(@Nullable Double fraction) {
        return fraction == null ? NOTHING : Decimals.fixed(100 * fraction, 2);
    }
}
