package org.focaldistill.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.store.OpenTrial;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.PlanRow;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SweepRef;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.SplitLoss;
import org.focaldistill.sweep.Trial;
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
        List<OpenEpochRow> open =
                outcome != null ? List.of() : store.openEpochs().course(id);
        if (outcome != null) {
            epochs(text, outcome.trial(), store.epochs(id));
        } else if (!open.isEmpty()) {
            epochs(
                    text,
                    open.get(0).trial(),
                    open.stream().map(OpenEpochRow::epoch).toList());
        }
        return text.toString();
    }

    private static void epochs(StringBuilder text, Trial trial, List<EpochRow> epochs) {
        if (!epochs.isEmpty()) {
            text.append("\nepochs\n").append(grid(trial.loss(), epochs).text());
        }
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

    private static TextGrid grid(LossSettings loss, List<EpochRow> epochs) {
        List<LossPart> parts = LossPart.of(loss);
        List<String> header = new ArrayList<>(List.of("epoch", "rate", "loss"));
        parts.forEach(part -> header.add(part.name()));
        header.addAll(List.of("val loss", "val top-1", "val ECE", "grad norm", "s"));
        TextGrid grid = new TextGrid(header);
        for (EpochRow epoch : epochs) {
            SplitLoss validation = epoch.validation();
            List<String> row = new ArrayList<>(List.of(
                    Integer.toString(epoch.epoch()),
                    Decimals.compact(epoch.learningRate()),
                    Decimals.fixed(epoch.train().total(), 4)));
            parts.forEach(part ->
                    row.add(Decimals.fixed(part.of().applyAsDouble(epoch.train().components()), 4)));
            row.addAll(List.of(
                    validation == null ? NOTHING : Decimals.fixed(validation.total(), 4),
                    percent(epoch.valTop1()),
                    percent(epoch.valEce()),
                    Decimals.fixed(epoch.gradNorm(), 3),
                    Decimals.fixed(epoch.seconds(), 1)));
            grid.add(row);
        }
        return grid;
    }

    private static String percent(@Nullable Double fraction) {
        return fraction == null ? NOTHING : Decimals.fixed(100 * fraction, 2);
    }
}
