package org.focaldistill.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.SettingChange;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.text.Words;

/** Says why a plan has new trials although the results folder has finished ones: which settings differ. */
final class PlanChanges {
    private static final int MOST_CHANGES = 6;

    private final SweepPlan plan;
    private final ResultStore store;

    PlanChanges(SweepPlan plan, ResultStore store) {
        this.plan = plan;
        this.store = store;
    }

    /** Lines to print before the sweep starts; empty where nothing is finished, or all is. */
    List<String> lines() throws IOException {
        List<Trial> finished = store.trials().stream().map(TrialOutcome::trial).toList();
        List<Trial> fresh = plan.trials().stream()
                .map(planned -> planned.trial())
                .filter(trial -> finished.stream().noneMatch(f -> f.id().equals(trial.id())))
                .toList();
        if (finished.isEmpty() || fresh.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(fresh.size(), "trial") + (fresh.size() == 1 ? " is" : " are")
                + " new. The first one differs from the finished trial most like it in:");
        List<SettingChange> changes = nearest(fresh.get(0), finished);
        changes.stream().limit(MOST_CHANGES).forEach(change -> lines.add("  " + change));
        if (changes.size() > MOST_CHANGES) {
            lines.add("  and " + Words.count(changes.size() - MOST_CHANGES, "more setting"));
        }
        return lines;
    }

    private static List<SettingChange> nearest(Trial fresh, List<Trial> finished) {
        Optional<List<SettingChange>> nearest = finished.stream()
                .map(other -> SettingChange.between(other, fresh))
                .min(Comparator.comparingInt(List::size));
        return nearest.orElse(List.of());
    }
}
