package org.focaldistill.spark;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.focaldistill.spark.bank.BankFiller;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.ExecutorPatience;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.cluster.StopSwitch;
import org.focaldistill.spark.gpu.ExecutorReports;
import org.focaldistill.spark.gpu.MemoryPlan;
import org.focaldistill.store.DriverNote;
import org.focaldistill.store.EventLog;
import org.focaldistill.store.Lease;
import org.focaldistill.store.Leftovers;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.RunProgress;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Words;

/** Runs a plan's trials that have no outcome yet, as many at a time as there are slots for them. */
public final class SweepJob {
    private static final Function<TrialLeg, SparkCluster.Work<LegReport>> TRAINING = leg -> leg::run;

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
     * @param planned trials of its plan
     * @param finished those of them with an outcome, earlier ones included
     * @param failed those without one after all attempts
     * @param interrupted whether it was told to stop before all had one
     * @param stopped whether it was told to stop, be it too late
     * @param nothingWorks whether trial after trial failed, and the others were not begun
     */
    public record Result(
            int planned, int finished, int failed, boolean interrupted, boolean stopped, boolean nothingWorks) {
        /** Whether all trials of the plan have an outcome. */
        public boolean isComplete() {
            return finished == planned;
        }

        /** The same, of a sweep that has more to do than this run. */
        Result asInterrupted() {
            return new Result(planned, finished, failed, true, stopped, nothingWorks);
        }
    }

    /** Runs a plan as {@link #run(SweepRun)} does. */
    public Result run(SweepPlan plan) throws IOException {
        return run(SweepRun.of(plan));
    }

    /**
     * Runs what has no outcome yet.
     *
     * @throws IOException if results can not be written, another driver holding the lease among the reasons, or if
     *     executors can not compute what the trials ask for
     */
    public Result run(SweepRun run) throws IOException {
        SweepPlan plan = run.plan();
        ResultStore store = new ResultStore(cluster.hadoopConfiguration(), new Path(results));
        requireAble(plan.open(store.finishedIds()));
        Instant start = Instant.now();
        // Closed last: a process that is told to stop waits until the lease is given back.
        try (StopSwitch stop = new StopSwitch(cluster, console);
                Lease lease = Lease.take(
                        cluster.hadoopConfiguration(), new Path(results), console::line, stop::pullUntilLater);
                ExecutorPatience waiting = ExecutorPatience.begin(cluster, settings.executorPatience(), stop);
                Leftovers leftovers =
                        Leftovers.sweep(cluster.hadoopConfiguration(), List.of(new Path(results), banks.folder()));
                events;
                SlotReporter reporter = new SlotReporter(cluster, console, events::record, new Path(results), lease);
                StopSwitch.Saving saving = stop.saving()) {
            write(run, store);
            Set<String> finished = store.finishedIds();
            new OpenTrials(cluster.hadoopConfiguration(), new Path(results)).forget(finished);
            List<Trial> open = plan.open(finished);
            events.record(new SweepEvent.SweepStarted(
                    run.sweepId(), plan.trials().size(), open.size(), settings.slotsOf(cluster), codeVersion));
            TrialNames names = new TrialNames(
                    plan.trials().stream().map(PlannedTrial::trial).toList());
            reporter.begin();
            Trained trained = open.isEmpty() ? Trained.NOTHING : runAll(run, open, names, store, lease, stop);
            int outcomes = plan.trials().size() - plan.open(store.finishedIds()).size();
            boolean interrupted = stop.isOver()
                    && !trained.nothingWorks()
                    && outcomes < plan.trials().size();
            events.record(new SweepEvent.SweepEnded(
                    run.sweepId(), outcomes, trained.failed(), interrupted, secondsSince(start)));
            requireApplication(stop, outcomes, plan);
            return new Result(
                    plan.trials().size(),
                    outcomes,
                    trained.failed(),
                    interrupted,
                    stop.isPulled(),
                    trained.nothingWorks());
        }
    }

    private static void write(SweepRun run, ResultStore store) throws IOException {
        if (run.race().isEmpty()) {
            store.writePlan(run.sweepId(), run.plan().trials());
        } else {
            store.growPlan(run.sweepId(), run.plan().trials());
            store.races().write(run.race());
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
        new TrainingKernels(cluster, computations, inDriverToo).require(settings.slowKernels(), console);
        List<Trial> onCpus = open.stream()
                .filter(trial -> trial.computation().equals(Computation.CPU_FP32))
                .toList();
        if (!onCpus.isEmpty()) {
            int atATime = cluster.slotsOfExecutor(settings.slotsOf(cluster));
            MemoryPlan plan = new MemoryPlan(onCpus, banks.data()::network, atATime);
            cluster.leaveOutSmall(plan.smallest());
            plan.shortages(ExecutorReports.OF_THIS_DRIVER.memory())
                    .forEach(shortage -> console.line("WARNING: " + shortage));
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
            SweepRun run, List<Trial> open, TrialNames names, ResultStore store, Lease lease, StopSwitch stop)
            throws IOException {
        int workers = open.stream().mapToInt(Trial::workers).max().orElse(1);
        EarlyStop early = EarlyStop.of(settings, run.plan(), store);
        sayHowMany(open.size(), workers);
        Map<String, Integer> attempts = new HashMap<>();
        store.attempts().forEach(row -> attempts.merge(row.trialId(), row.attempt(), Math::max));
        OpenTrials openTrials = new OpenTrials(cluster.hadoopConfiguration(), new Path(results));
        DriverNote<RunProgress> told = DriverNote.ofProgress(cluster.hadoopConfiguration(), new Path(results));
        try (Progress progress = Progress.shown(
                console,
                "trials",
                TrialWork.of(open, openTrials.savedEpochs(), banks, cluster::trainedImages),
                now -> told.write(
                        new RunProgress(lease.id(), run.sweepId(), System.currentTimeMillis(), now.secondsLeft()),
                        lease))) {
            SweepParts parts = new SweepParts(
                    cluster, console, settings, results, banks, filler, events::record, codeVersion, work);
            SweepSlots slots = new SweepSlots(parts, names, store, openTrials, lease, stop, progress, early);
            int failed = new TrialScheduler(
                            DriverClock.SYSTEM,
                            stop::isOver,
                            () -> settings.slotsOf(cluster) / workers,
                            settings.attempts())
                    .run(open, attempts, slots);
            return new Trained(failed, slots.nothingWorks());
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
        if (settings.stop().stopsAny()) {
            console.line("Stopping early: " + settings.stop().inWords());
        }
        if (workers > slots) {
            console.line("The workers of a trial take turns: there are fewer slots than sweep.workersPerTrial.");
        }
    }
}
