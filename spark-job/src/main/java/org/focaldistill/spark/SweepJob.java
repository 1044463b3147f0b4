package org.focaldistill.spark;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.store.EventLog;
import org.focaldistill.store.Lease;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a plan's trials that have no outcome yet, as many at a time as there are slots for them. */
public final class SweepJob {
    private static final Logger LOG = LoggerFactory.getLogger(SweepJob.class);

    private final SparkCluster cluster;
    private final Console console;
    private final RunSettings settings;
    private final String results;
    private final Banks banks;
    private final BankFiller filler;
    private final EventLog events;
    private final String codeVersion;
    private final TrialLeg.Work work;

    /**
     * @param results the results folder
     * @param banks images, teachers and where the teachers' logits are
     * @param codeVersion recorded with each outcome
     */
    public SweepJob(
            SparkCluster cluster,
            Console console,
            RunSettings settings,
            String results,
            Banks banks,
            String codeVersion) {
        this(cluster, console, settings, results, banks, codeVersion, TrialLeg.TRAIN);
    }

    /** @param work what a leg does; anything but training only to measure what is around it */
    SweepJob(
            SparkCluster cluster,
            Console console,
            RunSettings settings,
            String results,
            Banks banks,
            String codeVersion,
            TrialLeg.Work work) {
        this.cluster = cluster;
        this.console = console;
        this.settings = settings;
        this.results = results;
        this.banks = banks;
        this.events = new EventLog(cluster.hadoopConfiguration(), new Path(results));
        this.filler = new BankFiller(cluster, console, events::record);
        this.codeVersion = codeVersion;
        this.work = work;
    }

    /**
     * How a run ended.
     *
     * @param finished trials of the plan with an outcome, earlier ones included
     * @param failed trials without one after all attempts
     * @param interrupted whether it was told to stop
     */
    public record Result(int finished, int failed, boolean interrupted) {}

    /**
     * Runs the plan.
     *
     * @throws IOException if results can not be written, another driver holding the lease among the reasons
     */
    public Result run(SweepPlan plan) throws IOException {
        ResultStore store = new ResultStore(cluster.hadoopConfiguration(), new Path(results));
        if (plan.trials().stream().anyMatch(planned -> planned.trial().workers() > 1)) {
            AveragingLeg.requireBackend();
        }
        Instant start = Instant.now();
        // Closed last: a process that is told to stop waits until the lease is given back.
        try (StopSwitch stop = new StopSwitch(cluster, console);
                Lease lease = Lease.take(cluster.hadoopConfiguration(), new Path(results), stop::pull);
                events) {
            store.writePlan(plan.sweepId(), plan.trials());
            Set<String> finished = store.finishedIds();
            List<Trial> open = plan.trials().stream()
                    .map(PlannedTrial::trial)
                    .filter(trial -> !finished.contains(trial.id()))
                    .toList();
            events.record(new SweepEvent.SweepStarted(
                    plan.sweepId(), plan.trials().size(), open.size(), slots(), codeVersion));
            TrialNames names = new TrialNames(
                    plan.trials().stream().map(PlannedTrial::trial).toList());
            int failed = open.isEmpty() ? 0 : runAll(open, names, store, stop);
            Set<String> nowFinished = store.finishedIds();
            int outcomes = (int) plan.trials().stream()
                    .filter(planned -> nowFinished.contains(planned.trial().id()))
                    .count();
            events.record(
                    new SweepEvent.SweepEnded(plan.sweepId(), outcomes, failed, stop.isPulled(), secondsSince(start)));
            return new Result(outcomes, failed, stop.isPulled());
        }
    }

    private static double secondsSince(Instant start) {
        return Duration.between(start, Instant.now()).toMillis() / 1e3;
    }

    private int runAll(List<Trial> open, TrialNames names, ResultStore store, StopSwitch stop) throws IOException {
        int atATime = trialsAtATime(open);
        Map<String, Integer> attempts = new HashMap<>();
        store.attempts().forEach(row -> attempts.merge(row.trialId(), row.attempt(), Math::max));
        long images = open.stream().mapToLong(SweepJob::imagesToTrain).sum();
        AtomicInteger failed = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(atATime, work -> new Thread(work, "trial"));
        try (Progress progress = new Progress(console, "trials", open.size(), images, cluster::trainedImages)) {
            List<? extends Future<?>> running = open.stream()
                    .map(trial -> pool.submit(() -> {
                        int first = attempts.getOrDefault(trial.id(), 0) + 1;
                        if (!runOne(trial, names, first, store, stop, progress) && !stop.isPulled()) {
                            failed.incrementAndGet();
                        }
                    }))
                    .toList();
            Waiting.forAll(running);
        } finally {
            pool.shutdownNow();
        }
        return failed.get();
    }

    private int slots() {
        return settings.slots() == 0 ? cluster.slots() : settings.slots();
    }

    /** As many as there are slots for, and says so. */
    private int trialsAtATime(List<Trial> open) {
        int slots = slots();
        int workers = open.stream().mapToInt(Trial::workers).max().orElse(1);
        console.line(String.format(
                Locale.ROOT,
                "%d trials to train on %d slots%s%s",
                open.size(),
                slots,
                workers == 1 ? "" : ", " + workers + " a trial",
                cluster.webPage().isEmpty() ? "" : "; Spark's page is " + cluster.webPage()));
        if (workers > slots) {
            console.line("The workers of a trial take turns: there are fewer slots than sweep.workersPerTrial.");
        }
        return Math.max(1, slots / workers);
    }

    private static long imagesToTrain(Trial trial) {
        return images(trial, trial.recipe().epochs());
    }

    private static long images(Trial trial, int epochs) {
        return (long) epochs * (trial.data().trainImages() - trial.data().validationImages());
    }

    /** Whether the trial got its outcome. */
    private boolean runOne(
            Trial trial, TrialNames names, int firstAttempt, ResultStore store, StopSwitch stop, Progress progress) {
        if (stop.isPulled()) {
            return false;
        }
        ReadyTeacher teacher = banks.teacher(trial);
        Leg leg = new Leg(
                trial.student(),
                trial.loss(),
                trial.recipe(),
                trial.data().validationImages(),
                trial.dataSeed(),
                trial.initSeed(),
                banks.data(),
                teacher.location(),
                banks.of(trial),
                results + "/checkpoints/" + trial.id(),
                settings.checkpointEpochs());
        progress.began();
        String name = names.brief(trial);
        Instant start = Instant.now();
        events.record(SweepEvent.TrialStarted.of(trial, name));
        LegReport report = new LegLoop(stop, settings.attempts())
                .run(
                        name,
                        firstAttempt,
                        (attempt, startedAt, last) -> {
                            int from = last == null ? savedEpochs(leg) : last.epochs();
                            if (last == null && attempt == firstAttempt) {
                                progress.spare(images(trial, from));
                            }
                            int to = Math.min(from + leg.epochs(), leg.recipe().epochs());
                            if (leg.bank() != null) {
                                filler.fill(leg.bank(), BankSets.of(leg).between(from, to));
                            }
                            TrialLeg next = new TrialLeg(
                                    trial,
                                    leg,
                                    teacher.metrics(),
                                    results,
                                    attempt,
                                    startedAt.toEpochMilli(),
                                    codeVersion);
                            return run(next, names.full(trial) + ", epochs " + (from + 1) + " to " + to, stop);
                        },
                        (attempt, startedAt, end, last, error) ->
                                record(store, trial.id(), attempt, startedAt, end, last, error));
        if (report != null) {
            progress.spare(images(trial, trial.recipe().epochs() - report.epochs()));
            TrialStatus status = Objects.requireNonNull(report.status());
            progress.ended(name + ": " + (status == TrialStatus.OK ? "" : status + ": ") + report.summary());
            events.record(new SweepEvent.TrialEnded(trial.id(), status, report.summary(), secondsSince(start)));
        } else if (!stop.isPulled()) {
            progress.failed("FAILED " + name + ": " + settings.attempts() + " attempts, see " + results
                    + "/attempts; the other trials go on");
            events.record(new SweepEvent.TrialFailed(trial.id(), settings.attempts(), secondsSince(start)));
        }
        return report != null;
    }

    private int savedEpochs(Leg leg) throws IOException {
        return new CheckpointFiles(cluster.hadoopConfiguration(), new Path(leg.checkpoints())).newestEpoch();
    }

    private LegReport run(TrialLeg leg, String description, StopSwitch stop) throws IOException {
        String group = leg.trial().id();
        Instant start = Instant.now();
        LegReport report = leg.trial().workers() == 1
                ? cluster.run(group, description, work.of(leg))
                : cluster.drive(
                        group,
                        description,
                        (spark, configuration) -> AveragingLeg.run(spark, configuration, stop, leg));
        events.record(new SweepEvent.LegEnded(
                group, leg.attempt(), report.epochs(), report.host(), report.device(), secondsSince(start)));
        return report;
    }

    private void record(
            ResultStore store,
            String trialId,
            int attempt,
            Instant startedAt,
            AttemptRow.End end,
            @Nullable LegReport last,
            @Nullable Throwable error) {
        String firstLine = error == null ? null : LegLoop.firstLine(error);
        events.record(new SweepEvent.AttemptEnded(trialId, attempt, end, firstLine));
        try {
            store.recordAttempt(new AttemptRow(
                    trialId,
                    attempt,
                    last == null ? "" : last.host(),
                    last == null ? "" : last.device(),
                    startedAt,
                    Instant.now(),
                    end,
                    error == null ? null : stackOf(error)));
        } catch (IOException e) {
            // The trial's own outcome is what counts, and is written elsewhere.
            LOG.warn("Cannot record attempt {} at trial {}", attempt, trialId, e);
        }
    }

    private static String stackOf(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
