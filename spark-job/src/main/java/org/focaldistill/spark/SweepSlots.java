package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.Path;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.spark.bank.BankSets;
import org.focaldistill.spark.cluster.StopSwitch;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.store.AttemptMark;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.store.DiskException;
import org.focaldistill.store.Lease;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.stop.Stop;
import org.focaldistill.text.Durations;
import org.focaldistill.text.Secrets;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs legs as Spark's tasks, and writes down what comes of them. */
final class SweepSlots implements TrialScheduler.Slots {
    private static final Logger LOG = LoggerFactory.getLogger(SweepSlots.class);

    private final SweepParts parts;
    private final TrialNames names;
    private final ResultStore store;
    private final OpenTrials openTrials;
    private final Lease lease;
    private final StopSwitch stop;
    private final Progress progress;
    private final AttemptRecorder attempts;
    private final EarlyStop early;
    private final Map<String, UnderWay> underWay = new ConcurrentHashMap<>();
    private volatile String lastError = "";
    private volatile boolean nothingWorks;

    /** A trial that has begun; its one thread alone changes it. */
    private static final class UnderWay {
        private final Instant since = Instant.now();
        private int failedAttempts;
    }

    SweepSlots(
            SweepParts parts,
            TrialNames names,
            ResultStore store,
            OpenTrials openTrials,
            Lease lease,
            StopSwitch stop,
            Progress progress,
            EarlyStop early) {
        this.parts = parts;
        this.names = names;
        this.store = store;
        this.openTrials = openTrials;
        this.lease = lease;
        this.stop = stop;
        this.progress = progress;
        this.early = early;
        this.attempts = new AttemptRecorder(parts.events(), store, lease);
    }

    @Override
    public void began(Trial trial) {
        progress.began();
        underWay.put(trial.id(), new UnderWay());
        parts.events().accept(SweepEvent.TrialStarted.of(trial, names.brief(trial)));
    }

    private UnderWay of(Trial trial) {
        return Objects.requireNonNull(underWay.get(trial.id()));
    }

    private UnderWay over(Trial trial) {
        return Objects.requireNonNull(underWay.remove(trial.id()));
    }

    @Override
    public LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last) throws IOException {
        TrialOutcome there = last == null ? store.trial(trial.id()) : null;
        if (there != null) {
            // An attempt before had written it when the word of that was lost.
            return new LegReport(
                    there.epochsDone(),
                    there.status(),
                    "its result was there",
                    there.run().host(),
                    there.run().device());
        }
        lease.requireHeld();
        ReadyTeacher teacher = parts.banks().teacher(trial);
        Leg leg = leg(trial, teacher);
        int from = last == null ? newestEpoch(leg) : last.epochs();
        if (last == null) {
            openTrials.begin(AttemptMark.of(lease.id(), attempt, startedAt, from, trial));
        }
        int to = Math.min(from + leg.epochs(), leg.recipe().epochs());
        Stop ending = early.before(trial.id(), from);
        if (leg.bank() != null) {
            BankSets sets = leg.bankSets();
            List<ViewedImages> needed = ending == null ? sets.between(from, to) : sets.toMeasure();
            if (last == null && of(trial).failedAttempts > 0) {
                // That may have been for a file of the bank, which not every process can mend.
                parts.filler().doubt(leg.bank(), needed);
            }
            parts.filler().fill(leg.bank(), needed);
        }
        progress.leg(trial.id(), from);
        TrialLeg trialLeg = new TrialLeg(
                trial,
                leg,
                teacher.metrics(),
                parts.results(),
                attempt,
                startedAt.toEpochMilli(),
                parts.codeVersion(),
                ending);
        String what = ending == null ? ", epochs " + (from + 1) + " to " + to : ", measured after epoch " + from;
        return run(trialLeg, names.full(trial) + what);
    }

    private Leg leg(Trial trial, ReadyTeacher teacher) {
        return Leg.of(
                trial,
                parts.banks().data(),
                teacher.location(),
                parts.banks().of(trial),
                openTrials.checkpoints(trial.id()).toString(),
                lease.permit(),
                parts.settings().checkpointEpochs());
    }

    @Override
    public void attemptEnded(
            Trial trial,
            int attempt,
            Instant startedAt,
            AttemptRow.End end,
            @Nullable LegReport last,
            @Nullable Throwable error) {
        if (error != null) {
            of(trial).failedAttempts++;
            lastError = DiskException.sentence(error);
            progress.lost(trial.id());
            LegLoop.warn(names.brief(trial), attempt, error);
        }
        attempts.record(trial.id(), attempt, startedAt, end, last, error);
    }

    @Override
    public void ended(Trial trial, LegReport outcome) {
        TrialStatus status = Objects.requireNonNull(outcome.status());
        progress.ended(
                trial.id(),
                names.brief(trial) + ": " + (status == TrialStatus.OK ? "" : status + ": ") + outcome.summary());
        double seconds = secondsSince(over(trial).since);
        parts.events().accept(new SweepEvent.TrialEnded(trial.id(), status, outcome.summary(), seconds));
    }

    @Override
    public void failed(Trial trial) {
        UnderWay tried = over(trial);
        progress.failed(
                trial.id(),
                "FAILED " + names.brief(trial) + ": attempts " + tried.failedAttempts + ", see " + parts.results()
                        + "/attempts; the other trials go on");
        mark(trial, OpenTrials::giveUp);
        parts.events().accept(new SweepEvent.TrialFailed(trial.id(), tried.failedAttempts, secondsSince(tried.since)));
    }

    private interface Marking {
        void mark(OpenTrials openTrials, String trialId) throws IOException;
    }

    private void mark(Trial trial, Marking marking) {
        try {
            lease.requireHeld();
            marking.mark(openTrials, trial.id());
        } catch (IOException e) {
            // The attempts say what failed; only whether there is a next one is not known while this driver runs.
            LOG.warn("Cannot record whether trial {} is tried again: {}", trial.id(), Words.reason(e));
        }
    }

    @Override
    public void nothingWorksNow(List<Trial> inARow, Duration pause) {
        takeUp(inARow, pause);
        parts.console()
                .line("Waiting for " + Durations.text(pause.toMillis() / 1e3) + ": " + inARow.size()
                        + " trials in a row have failed, and nothing was trained meanwhile; the last one by: "
                        + Secrets.hidden(lastError) + ". They are tried again then");
    }

    @Override
    public void waitsToo(Trial trial, Duration pause) {
        takeUp(List.of(trial), pause);
        parts.console()
                .line("Waiting too: " + names.brief(trial) + ", tried again in "
                        + Durations.text(pause.toMillis() / 1e3));
    }

    /** Trials that were given up will be begun again. */
    private void takeUp(List<Trial> failed, Duration pause) {
        Instant again = Instant.now().plus(pause);
        failed.forEach(trial -> mark(trial, (openTrials, id) -> openTrials.takeUp(id, again)));
        progress.again(failed.stream().map(Trial::id).toList());
        parts.events().accept(new SweepEvent.NothingWorksNow(failed.size(), lastError, pause.toMillis() / 1e3));
    }

    @Override
    public void nothingWorks(int trialsInARow) {
        nothingWorks = true;
        parts.events().accept(new SweepEvent.NothingWorks(trialsInARow, lastError));
        stop.pull(trialsInARow + " trials in a row have failed, and nothing was trained meanwhile; the last one by: "
                + Secrets.hidden(lastError)
                + ". What is finished is kept; when that is mended, run the same command");
    }

    /** Whether trial after trial failed, and the others were not begun. */
    boolean nothingWorks() {
        return nothingWorks;
    }

    private static double secondsSince(Instant start) {
        return Duration.between(start, Instant.now()).toMillis() / 1e3;
    }

    private int newestEpoch(Leg leg) throws IOException {
        return new CheckpointFiles(parts.cluster().hadoopConfiguration(), new Path(leg.checkpoints())).newestEpoch();
    }

    private LegReport run(TrialLeg leg, String description) throws IOException {
        String group = leg.trial().id();
        Instant start = Instant.now();
        LegReport report = leg.trial().workers() == 1
                ? parts.cluster().run(group, description, parts.work().apply(leg))
                : parts.cluster()
                        .drive(
                                group,
                                description,
                                leg.trial().workers(),
                                (spark, configuration, locations) ->
                                        AveragingLeg.run(spark, configuration, locations, stop, leg));
        early.ended(group, report);
        parts.events()
                .accept(new SweepEvent.LegEnded(
                        group, leg.attempt(), report.epochs(), report.host(), report.device(), secondsSince(start)));
        return report;
    }
}
