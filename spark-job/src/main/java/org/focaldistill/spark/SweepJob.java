package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.focaldistill.spark.bank.BankFiller;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.cluster.StopSwitch;
import org.focaldistill.spark.gpu.ExecutorReports;
import org.focaldistill.spark.gpu.MemoryPlan;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.store.AttemptMark;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.store.DiskException;
import org.focaldistill.store.EventLog;
import org.focaldistill.store.Lease;
import org.focaldistill.store.Leftovers;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ProgressFile;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.RunProgress;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.SlowKernels;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.text.Durations;
import org.focaldistill.text.Secrets;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a plan's trials that have no outcome yet, as many at a time as there are slots for them. */
public final class SweepJob {
    private static final Function<TrialLeg, SparkCluster.Work<LegReport>> TRAINING = leg -> leg::run;
    private static final Logger LOG = LoggerFactory.getLogger(SweepJob.class);

    private final SparkCluster cluster;
    private final Console console;
    private final RunSettings settings;
    private final String results;
    private final Banks banks;
    private final BankFiller filler;
    private final EventLog events;
    private final String codeVersion;
    private final Function<TrialLeg, SparkCluster.Work<LegReport>> work;

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
        this(cluster, console, settings, results, banks, codeVersion, TRAINING);
    }

    private SweepJob(
            SparkCluster cluster,
            Console console,
            RunSettings settings,
            String results,
            Banks banks,
            String codeVersion,
            Function<TrialLeg, SparkCluster.Work<LegReport>> work) {
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
     * A job whose legs do not train, to measure what is around them.
     *
     * @param work what each leg does instead, in its task
     */
    public static SweepJob withoutTraining(
            SparkCluster cluster,
            Console console,
            RunSettings settings,
            String results,
            Banks banks,
            String codeVersion,
            SparkCluster.Work<LegReport> work) {
        return new SweepJob(cluster, console, settings, results, banks, codeVersion, leg -> work);
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
     * @throws IOException if results can not be written, another driver holding the lease among the reasons, or if
     *     executors can not compute what the trials ask for
     */
    public Result run(SweepPlan plan) throws IOException {
        ResultStore store = new ResultStore(cluster.hadoopConfiguration(), new Path(results));
        requireAble(plan.open(store.finishedIds()));
        Instant start = Instant.now();
        // Closed last: a process that is told to stop waits until the lease is given back.
        try (StopSwitch stop = new StopSwitch(cluster, console);
                Lease lease = Lease.take(cluster.hadoopConfiguration(), new Path(results), console::line, stop::pull);
                Leftovers leftovers =
                        Leftovers.sweep(cluster.hadoopConfiguration(), List.of(new Path(results), banks.folder()));
                events;
                SlotReporter reporter = new SlotReporter(cluster, console, events::record, new Path(results), lease);
                StopSwitch.Saving saving = stop.saving()) {
            store.writePlan(plan.sweepId(), plan.trials());
            List<Trial> open = plan.open(store.finishedIds());
            events.record(new SweepEvent.SweepStarted(
                    plan.sweepId(), plan.trials().size(), open.size(), settings.slotsOf(cluster), codeVersion));
            TrialNames names = new TrialNames(
                    plan.trials().stream().map(PlannedTrial::trial).toList());
            reporter.begin();
            Trained trained =
                    open.isEmpty() ? Trained.NOTHING : runAll(plan.sweepId(), open, names, store, lease, stop);
            int outcomes = plan.trials().size() - plan.open(store.finishedIds()).size();
            boolean interrupted = stop.isOver()
                    && !trained.nothingWorks()
                    && outcomes < plan.trials().size();
            events.record(new SweepEvent.SweepEnded(
                    plan.sweepId(), outcomes, trained.failed(), interrupted, secondsSince(start)));
            requireApplication(stop, outcomes, plan);
            return new Result(outcomes, trained.failed(), interrupted);
        }
    }

    private static void requireApplication(StopSwitch stop, int outcomes, SweepPlan plan) throws IOException {
        int trials = plan.trials().size();
        if (outcomes < trials) {
            stop.requireApplication(outcomes + " of " + Words.count(trials, "trial")
                    + " have a result; the same command goes on with the others, from their last checkpoints");
        }
    }

    private void requireAble(List<Trial> open) throws IOException {
        Set<Computation> computations = open.stream().map(Trial::computation).collect(Collectors.toSet());
        cluster.requireAble(computations);
        for (Trial trial : open) {
            if (trial.workers() > 1) {
                requireSpreadable(trial.computation());
                AveragingLeg.requireBackend();
            }
        }
        if (work == TRAINING) {
            requireRoom(open, computations);
        }
    }

    /** What would only be slow, or wait, is told. */
    private void requireRoom(List<Trial> open, Set<Computation> computations) throws IOException {
        boolean inDriverToo = open.stream().anyMatch(trial -> trial.workers() > 1);
        new TrainingKernels(computations, inDriverToo).require(settings.slowKernels(), console);
        cluster.refuseSlow(settings.slowKernels() == SlowKernels.REFUSE);
        List<Trial> onCpus = open.stream()
                .filter(trial -> trial.computation().equals(Computation.CPU_FP32))
                .toList();
        if (!onCpus.isEmpty()) {
            int atATime = cluster.slotsOfExecutor(settings.slotsOf(cluster));
            new MemoryPlan(onCpus, banks.data().classes(), atATime)
                    .shortages(ExecutorReports.OF_THIS_DRIVER.memory())
                    .forEach(shortage -> console.line("WARNING: " + shortage));
        }
    }

    /** @throws IOException if trials of this engine are not trained by several slots together */
    public static void requireSpreadable(Computation computation) throws IOException {
        if (computation.onCard()) {
            throw new IOException(
                    "Cannot train a trial on several cards yet. Set sweep.workersPerTrial = 1, or train on"
                            + " CPUs: run.engine = cpu");
        }
    }

    private static double secondsSince(Instant start) {
        return Duration.between(start, Instant.now()).toMillis() / 1e3;
    }

    /** @param nothingWorks whether trial after trial failed, and the others were not begun */
    private record Trained(int failed, boolean nothingWorks) {
        private static final Trained NOTHING = new Trained(0, false);
    }

    private Trained runAll(
            String sweepId, List<Trial> open, TrialNames names, ResultStore store, Lease lease, StopSwitch stop)
            throws IOException {
        int workers = open.stream().mapToInt(Trial::workers).max().orElse(1);
        sayHowMany(open.size(), workers);
        Map<String, Integer> attempts = new HashMap<>();
        store.attempts().forEach(row -> attempts.merge(row.trialId(), row.attempt(), Math::max));
        OpenTrials openTrials = new OpenTrials(cluster.hadoopConfiguration(), new Path(results));
        ProgressFile told = new ProgressFile(cluster.hadoopConfiguration(), new Path(results));
        try (Progress progress = Progress.shown(
                console,
                "trials",
                TrialWork.of(open, openTrials.savedEpochs(), banks, cluster::trainedImages),
                left -> told.write(new RunProgress(lease.id(), sweepId, System.currentTimeMillis(), left)))) {
            OnCluster slots = new OnCluster(names, store, openTrials, lease, stop, progress);
            int failed = new TrialScheduler(
                            DriverClock.SYSTEM,
                            stop::isOver,
                            () -> settings.slotsOf(cluster) / workers,
                            settings.attempts())
                    .run(open, attempts, slots);
            return new Trained(failed, slots.nothingWorks);
        }
    }

    private void sayHowMany(int trials, int workers) {
        int slots = settings.slotsOf(cluster);
        console.line(String.format(
                Locale.ROOT,
                "%s to train on %s%s%s",
                Words.count(trials, "trial"),
                Words.count(slots, "slot"),
                workers == 1 ? "" : ", " + workers + " a trial",
                cluster.webPage().isEmpty() ? "" : "; Spark's page is " + cluster.webPage()));
        if (workers > slots) {
            console.line("The workers of a trial take turns: there are fewer slots than sweep.workersPerTrial.");
        }
    }

    /** Runs legs as Spark's tasks, and writes down what comes of them. */
    private final class OnCluster implements TrialScheduler.Slots {
        private final TrialNames names;
        private final ResultStore store;
        private final OpenTrials openTrials;
        private final Lease lease;
        private final StopSwitch stop;
        private final Progress progress;
        private final AttemptRecorder attempts;
        private final Map<String, UnderWay> underWay = new ConcurrentHashMap<>();
        private volatile String lastError = "";
        private volatile boolean nothingWorks;

        /** A trial that has begun; its one thread alone changes it. */
        private static final class UnderWay {
            private final Instant since = Instant.now();
            private int failedAttempts;
        }

        OnCluster(
                TrialNames names,
                ResultStore store,
                OpenTrials openTrials,
                Lease lease,
                StopSwitch stop,
                Progress progress) {
            this.names = names;
            this.store = store;
            this.openTrials = openTrials;
            this.lease = lease;
            this.stop = stop;
            this.progress = progress;
            this.attempts = new AttemptRecorder(events::record, store, lease);
        }

        @Override
        public void began(Trial trial) {
            progress.began();
            underWay.put(trial.id(), new UnderWay());
            events.record(SweepEvent.TrialStarted.of(trial, names.brief(trial)));
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
            ReadyTeacher teacher = banks.teacher(trial);
            Leg leg = new Leg(
                    trial.student(),
                    trial.loss(),
                    trial.recipe(),
                    trial.data().validationImages(),
                    trial.dataSeed(),
                    trial.initSeed(),
                    trial.computation(),
                    banks.data(),
                    teacher.location(),
                    banks.of(trial),
                    openTrials.checkpoints(trial.id()).toString(),
                    lease.permit(),
                    settings.checkpointEpochs());
            int from = last == null ? newestEpoch(leg) : last.epochs();
            if (last == null) {
                openTrials.begin(AttemptMark.of(lease.id(), attempt, startedAt, from, trial));
            }
            int to = Math.min(from + leg.epochs(), leg.recipe().epochs());
            if (leg.bank() != null) {
                filler.fill(leg.bank(), leg.bankSets().between(from, to));
            }
            progress.leg(trial.id(), from);
            TrialLeg trialLeg = new TrialLeg(
                    trial, leg, teacher.metrics(), results, attempt, startedAt.toEpochMilli(), codeVersion);
            return run(trialLeg, names.full(trial) + ", epochs " + (from + 1) + " to " + to, stop);
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
            events.record(new SweepEvent.TrialEnded(trial.id(), status, outcome.summary(), seconds));
        }

        @Override
        public void failed(Trial trial) {
            UnderWay tried = over(trial);
            progress.failed(
                    trial.id(),
                    "FAILED " + names.brief(trial) + ": attempts " + tried.failedAttempts + ", see " + results
                            + "/attempts; the other trials go on");
            try {
                lease.requireHeld();
                openTrials.giveUp(trial.id());
            } catch (IOException e) {
                // The attempts say what failed; only that there is no next one is not known while this driver runs.
                LOG.warn("Cannot record that trial {} is given up: {}", trial.id(), Words.reason(e));
            }
            events.record(new SweepEvent.TrialFailed(trial.id(), tried.failedAttempts, secondsSince(tried.since)));
        }

        @Override
        public void nothingWorksNow(List<Trial> inARow, Duration pause) {
            progress.again(inARow.stream().map(Trial::id).toList());
            double seconds = pause.toMillis() / 1e3;
            events.record(new SweepEvent.NothingWorksNow(inARow.size(), lastError, seconds));
            console.line("Waiting for " + Durations.text(seconds) + ": " + inARow.size()
                    + " trials in a row have failed, and nothing was trained meanwhile; the last one by: "
                    + Secrets.hidden(lastError) + ". They are tried again then");
        }

        @Override
        public void nothingWorks(int trialsInARow) {
            nothingWorks = true;
            events.record(new SweepEvent.NothingWorks(trialsInARow, lastError));
            stop.pull(
                    trialsInARow + " trials in a row have failed, and nothing was trained meanwhile; the last one by: "
                            + Secrets.hidden(lastError)
                            + ". What is finished is kept; when that is mended, run the same command");
        }
    }

    private int newestEpoch(Leg leg) throws IOException {
        return new CheckpointFiles(cluster.hadoopConfiguration(), new Path(leg.checkpoints())).newestEpoch();
    }

    private LegReport run(TrialLeg leg, String description, StopSwitch stop) throws IOException {
        String group = leg.trial().id();
        Instant start = Instant.now();
        LegReport report = leg.trial().workers() == 1
                ? cluster.run(group, description, work.apply(leg))
                : cluster.drive(
                        group,
                        description,
                        leg.trial().workers(),
                        (spark, configuration, locations) ->
                                AveragingLeg.run(spark, configuration, locations, stop, leg));
        events.record(new SweepEvent.LegEnded(
                group, leg.attempt(), report.epochs(), report.host(), report.device(), secondsSince(start)));
        return report;
    }
}
