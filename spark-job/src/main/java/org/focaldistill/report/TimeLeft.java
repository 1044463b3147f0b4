package org.focaldistill.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.focaldistill.store.AttemptMark;
import org.focaldistill.store.OpenTrial;
import org.focaldistill.store.RunProgress;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.text.Durations;
import org.jspecify.annotations.Nullable;

/**
 * How long the rest of a sweep takes. Its driver knows best; where that has left no word, it follows from what epochs of the
 * same student took in this sweep so far, everything around training included.
 *
 * @param outcomes the sweep's finished trials
 * @param attempts the last one at each trial, by its id
 * @param open its begun ones, by id
 * @param left ids of those that are to be trained, among the open ones or not
 * @param atATime how many of them are trained just now
 */
record TimeLeft(
        Collection<TrialOutcome> outcomes,
        Map<String, AttemptRow> attempts,
        Map<String, OpenTrial> open,
        Collection<String> left,
        int atATime) {
    private static final String TITLE = "time left     ";

    /**
     * In a line for people; empty if nothing is left.
     *
     * @param said what the sweep's driver said last; null if it is not known
     * @param working whether that driver still works
     */
    String line(@Nullable RunProgress said, boolean working, Instant now) {
        if (left.isEmpty()) {
            return "";
        }
        String together = atATime == 0 ? "one trial at a time" : atATime + " at a time";
        if (said != null && said.secondsLeft() != null) {
            double since = Duration.between(said.at(), now).toMillis() / 1e3;
            return working
                    ? about(said.secondsLeft() - Math.max(0, since), together)
                    : about(said.secondsLeft(), "as fast as the last run was");
        }
        Epochs all = new Epochs();
        Map<String, Epochs> byStudent = byStudent(all);
        if (all.count == 0) {
            return TITLE + "not known before the first checkpoint\n";
        }
        double usualEpochs = known().stream()
                .mapToInt(trial -> trial.recipe().epochs())
                .average()
                .orElse(0);
        double seconds = 0;
        for (String id : left) {
            OpenTrial trial = open.get(id);
            AttemptMark mark = trial == null ? null : trial.mark();
            double epochs = mark == null ? usualEpochs : mark.trial().recipe().epochs();
            Epochs alike =
                    mark == null ? all : byStudent.getOrDefault(mark.trial().student(), all);
            seconds += (epochs - (trial == null ? 0 : trial.epoch())) * alike.seconds / alike.count;
        }
        return about(seconds / Math.max(1, atATime), together);
    }

    private static String about(double seconds, String how) {
        return TITLE + "about " + Durations.text(seconds) + ", " + how + "\n";
    }

    private List<Trial> known() {
        List<Trial> known = new ArrayList<>();
        outcomes.forEach(outcome -> known.add(outcome.trial()));
        open.values().stream()
                .filter(trial -> trial.mark() != null)
                .forEach(trial -> known.add(trial.mark().trial()));
        return known;
    }

    private static final class Epochs {
        private double seconds;
        private int count;

        void add(double time, int epochs) {
            seconds += time;
            count += epochs;
        }
    }

    /** @param all where those of all students are added */
    private Map<String, Epochs> byStudent(Epochs all) {
        Map<String, Epochs> byStudent = new HashMap<>();
        for (TrialOutcome outcome : outcomes) {
            // A resumed trial's last attempt was shorter than its training.
            double wall = wallSeconds(attempts.get(outcome.trial().id()));
            double seconds = Math.max(wall, outcome.run().trainSeconds());
            of(byStudent, outcome.trial()).add(seconds, outcome.epochsDone());
            all.add(seconds, outcome.epochsDone());
        }
        for (OpenTrial trial : open.values()) {
            AttemptMark mark = trial.mark();
            if (mark != null && trial.sinceMark() != null && trial.epoch() > mark.fromEpoch()) {
                double seconds = trial.sinceMark().toMillis() / 1e3;
                of(byStudent, mark.trial()).add(seconds, trial.epoch() - mark.fromEpoch());
                all.add(seconds, trial.epoch() - mark.fromEpoch());
            }
        }
        byStudent.values().removeIf(epochs -> epochs.count == 0);
        return byStudent;
    }

    /** By the driver's clock alone: that of the executor which wrote the outcome may differ. */
    private static double wallSeconds(@Nullable AttemptRow attempt) {
        return attempt == null
                ? 0
                : Duration.between(attempt.startedAt(), attempt.finishedAt()).toMillis() / 1e3;
    }

    private static Epochs of(Map<String, Epochs> byStudent, Trial trial) {
        return byStudent.computeIfAbsent(trial.student(), student -> new Epochs());
    }
}
