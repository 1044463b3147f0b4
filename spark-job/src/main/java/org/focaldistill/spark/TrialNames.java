package org.focaldistill.spark;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Words;

/** What trials of a sweep are called: alpha, gamma, seed, and of the other settings those that differ between them. */
final class TrialNames {
    private final List<Function<Trial, String>> shown = new ArrayList<>();

    TrialNames(List<Trial> trials) {
        showIfDifferent(trials, TrialNames::pair);
        shown.add(trial -> "alpha " + plain(weights(trial).alpha()));
        if (trials.stream()
                .anyMatch(trial ->
                        Math.abs(weights(trial).alpha() + weights(trial).beta() - 1) > 1e-9)) {
            shown.add(trial -> "beta " + plain(weights(trial).beta()));
        }
        shown.add(trial -> "gamma " + plain(weights(trial).gamma()));
        showIfDifferent(trials, trial -> "T " + plain(trial.loss().temperature()));
        showIfDifferent(trials, trial -> Words.of(trial.loss().klDirection()));
        showIfDifferent(trials, trial -> Words.of(trial.loss().focalForm()));
        showIfDifferent(trials, trial -> "exponent " + plain(trial.loss().focalExponent()));
        showIfDifferent(trials, trial -> trial.loss().distillation().toString());
        showIfDifferent(trials, trial -> "calibration " + plain(trial.loss().calibrationWeight()));
        showIfDifferent(trials, trial -> "label smoothing " + plain(trial.loss().labelSmoothing()));
        shown.add(trial -> "seed " + trial.dataSeed());
        if (trials.stream().anyMatch(trial -> trial.dataSeed() != trial.initSeed())) {
            showIfDifferent(trials, trial -> "init seed " + trial.initSeed());
        }
    }

    private void showIfDifferent(List<Trial> trials, Function<Trial, String> part) {
        if (trials.stream().map(part).distinct().count() > 1) {
            shown.add(part);
        }
    }

    /** Tells the trial from the others of its sweep. */
    String brief(Trial trial) {
        return String.join(", ", shown.stream().map(part -> part.apply(trial)).toList());
    }

    /** With teacher and student in any case, for where several sweeps are seen together. */
    String full(Trial trial) {
        String brief = brief(trial);
        return brief.startsWith(pair(trial)) ? brief : pair(trial) + ", " + brief;
    }

    private static String pair(Trial trial) {
        return trial.teacher() + " -> " + trial.student();
    }

    private static LossWeights weights(Trial trial) {
        return trial.loss().weights();
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
