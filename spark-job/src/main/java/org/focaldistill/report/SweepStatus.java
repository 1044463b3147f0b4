package org.focaldistill.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.focaldistill.store.AttemptMark;
import org.focaldistill.store.Lease;
import org.focaldistill.store.OpenTrial;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.RunProgress;
import org.focaldistill.store.SweepRef;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.text.Durations;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/** How far a sweep is, from what it has written; read while a driver runs or long after. */
public final class SweepStatus {
    private static final int MOST_LINES = 20;

    private final String sweepId;
    private final Lease.@Nullable Holder driver;
    private final @Nullable RunProgress progress;
    /** By the driver's clock where there is one: this machine's may differ by hours. */
    private final Instant now;

    private final Set<String> planned = new LinkedHashSet<>();
    private final Map<String, TrialOutcome> outcomes = new TreeMap<>();
    private final Map<String, OpenTrial> open = new TreeMap<>();
    private final Map<String, OpenEpochRow> newestEpochs = new TreeMap<>();
    private final Map<String, AttemptRow> lastAttempts = new TreeMap<>();
    private final Map<State, List<String>> byState = new TreeMap<>();
    private RaceAnswers race = RaceAnswers.NONE;

    private enum State {
        DONE,
        RUNNING,
        RETRYING,
        FAILED,
        INTERRUPTED,
        WAITING
    }

    private SweepStatus(String sweepId, Lease.@Nullable Holder driver, @Nullable RunProgress progress) {
        this.sweepId = sweepId;
        this.driver = driver;
        this.progress = progress;
        this.now = driver == null ? Instant.now() : Instant.ofEpochMilli(driver.renewedAt());
    }

    /**
     * Reads a sweep's state.
     *
     * @param wanted which sweep; null for the newest
     * @param driver who writes to the folder now; null if nobody does
     * @param progress what a driver of the folder said last of how long it will take; null if none did
     * @throws FileNotFoundException if there is no such sweep
     */
    public static SweepStatus read(
            ResultStore store,
            OpenTrials trials,
            Lease.@Nullable Holder driver,
            @Nullable RunProgress progress,
            @Nullable String wanted)
            throws IOException {
        List<SweepRef> sweeps = store.sweeps();
        if (sweeps.isEmpty()) {
            throw new FileNotFoundException(
                    "There is no sweep in " + store.root() + ". The command `sweep` makes one.");
        }
        SweepStatus status = new SweepStatus(wanted == null ? sweeps.get(0).id() : wanted, driver, progress);
        // Before the outcomes: a trial that ends in between counts as done.
        trials.list().forEach(trial -> status.open.put(trial.id(), trial));
        status.race = RaceAnswers.of(store, status.sweepId);
        store.plan(status.sweepId).forEach(row -> status.planned.add(row.trialId()));
        store.attempts().forEach(row -> status.lastAttempts.put(row.trialId(), row));
        store.trials().stream()
                .filter(outcome -> status.planned.contains(outcome.trial().id()))
                .forEach(outcome -> status.outcomes.put(outcome.trial().id(), outcome));
        store.openEpochs()
                .courses()
                .forEach((id, course) -> status.newestEpochs.put(id, course.get(course.size() - 1)));
        for (String id : status.planned) {
            status.byState
                    .computeIfAbsent(status.stateOf(id), unused -> new ArrayList<>())
                    .add(id);
        }
        return status;
    }

    private State stateOf(String id) {
        if (outcomes.containsKey(id)) {
            return State.DONE;
        }
        AttemptMark mark = mark(id);
        AttemptRow last = lastAttempts.get(id);
        boolean ended = mark == null || (last != null && last.attempt() >= mark.attempt());
        boolean failed = last != null && ended && isFailure(last);
        if (driver != null && mark != null && mark.driver().equals(driver.id())) {
            if (!ended) {
                return State.RUNNING;
            }
            if (failed) {
                return mark.givenUp() ? State.FAILED : State.RETRYING;
            }
        }
        // A driver that has not begun a trial yet will.
        if (driver == null && failed) {
            return State.FAILED;
        }
        return open.containsKey(id) ? State.INTERRUPTED : State.WAITING;
    }

    private static boolean isFailure(AttemptRow attempt) {
        return attempt.end() == AttemptRow.End.FAILED || attempt.end() == AttemptRow.End.LOST;
    }

    private @Nullable AttemptMark mark(String id) {
        OpenTrial trial = open.get(id);
        return trial == null ? null : trial.mark();
    }

    private static <T> T known(Map<String, T> map, String id) {
        return Objects.requireNonNull(map.get(id), id);
    }

    private List<String> in(State state) {
        return byState.getOrDefault(state, List.of());
    }

    /** All of it, as lines for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("Sweep ")
                .append(sweepId)
                .append(": ")
                .append(Words.count(planned.size(), "trial"))
                .append(" planned; ");
        text.append(
                        driver == null
                                ? "nobody works here"
                                : driver.user() + " works here, in process " + driver.pid() + " on " + driver.host())
                .append('\n');
        for (State state : State.values()) {
            text.append(String.format(
                    Locale.ROOT, "%-13s %d%s%n", word(state), in(state).size(), statuses(state)));
        }
        race.lines().forEach(line -> text.append(line).append('\n'));
        text.append(timeLeft());
        ComputedBy.of(outcomes.values())
                .warnings()
                .forEach(sentence -> text.append(sentence).append('\n'));
        list(text, "running", in(State.RUNNING), this::running);
        list(text, "retrying", in(State.RETRYING), id -> failed(id) + "; the next attempt comes " + again(id));
        list(text, "failed", in(State.FAILED), this::failed);
        list(text, "interrupted", in(State.INTERRUPTED), this::interrupted);
        list(text, "diverged", ended(TrialStatus.DIVERGED), this::detail);
        list(text, "stopped early", ended(TrialStatus.STOPPED_EARLY), this::detail);
        return text.toString();
    }

    private List<String> ended(TrialStatus status) {
        return in(State.DONE).stream().filter(id -> status(id) == status).toList();
    }

    private String timeLeft() {
        List<String> left = new ArrayList<>(in(State.RUNNING));
        left.addAll(in(State.RETRYING));
        left.addAll(in(State.INTERRUPTED));
        left.addAll(in(State.WAITING));
        boolean working =
                driver != null && progress != null && progress.driver().equals(driver.id());
        boolean telling = progress != null && progress.sweepId().equals(sweepId) && (driver == null || working);
        Map<String, OpenTrial> own = new TreeMap<>(open);
        own.keySet().retainAll(planned);
        return new TimeLeft(
                        outcomes.values(),
                        lastAttempts,
                        own,
                        left,
                        in(State.RUNNING).size())
                .line(telling ? progress : null, working, now);
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private TrialStatus status(String id) {
        return known(outcomes, id).status();
    }

    private String statuses(State state) {
        if (state != State.DONE || outcomes.isEmpty()) {
            return "";
        }
        Map<TrialStatus, Long> counts = outcomes.values().stream()
                .collect(Collectors.groupingBy(TrialOutcome::status, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ", "  (", ")"));
    }

    private static void list(StringBuilder text, String title, List<String> ids, Function<String, String> line) {
        if (ids.isEmpty()) {
            return;
        }
        text.append('\n').append(title).append('\n');
        ids.stream()
                .limit(MOST_LINES)
                .forEach(id -> text.append("  ")
                        .append(id)
                        .append("  ")
                        .append(line.apply(id))
                        .append('\n'));
        if (ids.size() > MOST_LINES) {
            text.append("  and ").append(ids.size() - MOST_LINES).append(" more\n");
        }
    }

    private String running(String id) {
        AttemptMark mark = Objects.requireNonNull(mark(id));
        double seconds = Duration.between(mark.startedAt(), now).toMillis() / 1e3;
        return mark.trial().label() + ": " + saved(id, mark.trial()) + ", attempt " + mark.attempt() + " for "
                + Durations.text(seconds) + reached(id);
    }

    private String saved(String id, Trial trial) {
        return "epoch " + known(open, id).epoch() + " of " + trial.recipe().epochs() + " saved";
    }

    /** What its newest epoch gave, also if that is not in a checkpoint. */
    private String reached(String id) {
        OpenEpochRow newest = newestEpochs.get(id);
        return newest == null ? "" : "; " + OpenCourses.inWords(newest, now);
    }

    private String failed(String id) {
        AttemptRow last = known(lastAttempts, id);
        AttemptMark mark = mark(id);
        return (mark == null ? "" : mark.trial().label() + ": ") + "attempt " + last.attempt() + " " + last.end() + ": "
                + FailureReason.of(last);
    }

    /** When. */
    private String again(String id) {
        Long millis = Objects.requireNonNull(mark(id)).againMillis();
        double seconds = millis == null
                ? 0
                : Duration.between(now, Instant.ofEpochMilli(millis)).toMillis() / 1e3;
        return seconds < 1 ? "soon" : "in " + Durations.text(seconds);
    }

    private String interrupted(String id) {
        AttemptMark mark = mark(id);
        return mark == null
                ? "epoch " + known(open, id).epoch() + " saved"
                : mark.trial().label() + ": " + saved(id, mark.trial()) + reached(id);
    }

    private String detail(String id) {
        TrialOutcome outcome = known(outcomes, id);
        return outcome.trial().label() + ": " + outcome.statusDetail();
    }
}
