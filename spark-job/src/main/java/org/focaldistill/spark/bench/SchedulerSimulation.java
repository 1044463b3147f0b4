package org.focaldistill.spark.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.focaldistill.spark.LegReport;
import org.focaldistill.spark.TrialScheduler;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;

/**
 * A sweep larger than any cluster at hand: the planner and scheduler of all sweeps, with a clock that does not wait and
 * slots that train nothing, take a trial's time and fail now and then. What a slot had done since the last checkpoint is
 * lost when it fails; another one is there at once. When trials have failed for good, the command is given again.
 *
 * @param trials of the grid
 * @param slots trials at a time
 * @param epochs of a trial
 * @param legEpochs epochs between checkpoints
 * @param epochSeconds what an epoch takes on average; each trial has a speed of its own, a fifth faster to a fifth slower
 * @param hoursBetweenFailures of one slot, on average
 * @param attempts tries at a trial
 */
public record SchedulerSimulation(
        int trials,
        int slots,
        int epochs,
        int legEpochs,
        double epochSeconds,
        double hoursBetweenFailures,
        int attempts) {
    private static final double SPREAD = 0.2;
    private static final int MOST_RUNS = 20;
    private static final double MEGABYTE = 1e6;

    /** 240 epochs of a minute each, a checkpoint after every 10, 1,000 slots that fail once in 100 hours. */
    public static SchedulerSimulation ofTrials(int trials) {
        return new SchedulerSimulation(trials, 1000, 240, 10, 60, 100, 3);
    }

    /**
     * What came out.
     *
     * @param finished trials with an outcome
     * @param failures of slots under a trial
     * @param runs how often the command was given
     * @param makespanHours until the last trial had its outcome
     * @param idealHours the same work without failures, spread evenly over the slots
     * @param lostShare work done twice, as a share of all work done
     * @param heapBytes of the driver half-way, after a garbage collection
     * @param realSeconds planning and scheduling on the real clock
     */
    public record Result(
            int finished,
            long failures,
            int runs,
            double makespanHours,
            double idealHours,
            double lostShare,
            long heapBytes,
            double realSeconds) {}

    public Result run() {
        long start = System.nanoTime();
        SweepPlan plan = new BenchmarkPlan(
                        new Pair("resnet56", "resnet20"),
                        "none",
                        new DataRef("none", "none", true, 50_000, 0, 10_000),
                        epochs,
                        Computation.CPU_FP32)
                .ofSize(trials);
        VirtualClock clock = new VirtualClock();
        Slots slotsWithoutWork = new Slots(clock);
        TrialScheduler scheduler = new TrialScheduler(clock, () -> false, () -> slots, attempts);
        int runs = 0;
        List<Trial> open = plan.open(slotsWithoutWork.finished);
        while (!open.isEmpty() && runs < MOST_RUNS) {
            int unused = scheduler.run(open, Map.copyOf(slotsWithoutWork.attempts), slotsWithoutWork);
            open = plan.open(slotsWithoutWork.finished);
            runs++;
        }
        double useful = slotsWithoutWork.useful.sum() / 1e3;
        double lost = slotsWithoutWork.lost.sum() / 1e3;
        return new Result(
                slotsWithoutWork.finished.size(),
                slotsWithoutWork.failures.sum(),
                runs,
                Duration.between(Instant.EPOCH, clock.now()).toMillis() / 3.6e6,
                useful / slots / 3600,
                lost / (useful + lost),
                slotsWithoutWork.heapHalfWay,
                (System.nanoTime() - start) / 1e9);
    }

    /** Runs it, and gives the results as measurements. */
    public List<Measurement> measurements() {
        Result result = run();
        String what = String.format(Locale.ROOT, "%,d trials, %,d slots", trials, slots);
        return List.of(
                measurement(what, "with an outcome", "trials", result.finished()),
                measurement(what, "failures of slots", "times", result.failures()),
                measurement(what, "command given", "runs", result.runs()),
                measurement(what, "ideal makespan", "h", result.idealHours()),
                measurement(what, "makespan", "h", result.makespanHours()),
                measurement(what, "work lost, slot hours", "h", lostHours(result)),
                measurement(what, "heap half-way", "MB", result.heapBytes() / MEGABYTE),
                measurement(what, "planning and scheduling", "s", result.realSeconds()));
    }

    private double lostHours(Result result) {
        double useful = result.idealHours() * slots;
        return useful * result.lostShare() / (1 - result.lostShare());
    }

    private static Measurement measurement(String what, String how, String unit, double value) {
        return new Measurement("scheduler", what, how, unit, List.of(value));
    }

    /** Slots that only let time pass, and remember what a results folder would. */
    private final class Slots implements TrialScheduler.Slots {
        private final VirtualClock clock;
        private final Set<String> finished = ConcurrentHashMap.newKeySet();
        private final Map<String, Integer> checkpoints = new ConcurrentHashMap<>();
        private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
        private final LongAdder useful = new LongAdder();
        private final LongAdder lost = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final AtomicBoolean measured = new AtomicBoolean();
        private volatile long heapHalfWay;

        Slots(VirtualClock clock) {
            this.clock = clock;
        }

        @Override
        public void began(Trial trial) {}

        @Override
        public LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last) {
            String id = trial.id();
            int from = last == null ? checkpoints.getOrDefault(id, 0) : last.epochs();
            int to = Math.min(from + legEpochs, epochs);
            SplittableRandom ofTrial = new SplittableRandom(id.hashCode());
            double speed = 1 + SPREAD * (2 * ofTrial.nextDouble() - 1);
            long millis = Math.round(1e3 * epochSeconds * speed * (to - from));
            // The same failures in whatever order the threads come here.
            SplittableRandom ofLeg = new SplittableRandom((id + " " + attempt + " " + from).hashCode());
            long untilFailure = Math.round(-Math.log(1 - ofLeg.nextDouble()) * hoursBetweenFailures * 3.6e6);
            if (untilFailure < millis) {
                clock.pause(Duration.ofMillis(untilFailure), () -> false);
                lost.add(untilFailure);
                failures.increment();
                throw new IllegalStateException("The slot failed");
            }
            clock.pause(Duration.ofMillis(millis), () -> false);
            useful.add(millis);
            checkpoints.put(id, to);
            return new LegReport(to, to == epochs ? TrialStatus.OK : null, "", "nowhere", "none");
        }

        @Override
        public void attemptEnded(
                Trial trial,
                int attempt,
                Instant startedAt,
                AttemptRow.End end,
                @Nullable LegReport last,
                @Nullable Throwable error) {
            if (end != AttemptRow.End.OK) {
                attempts.put(trial.id(), attempt);
            }
        }

        @Override
        public void ended(Trial trial, LegReport outcome) {
            finished.add(trial.id());
            checkpoints.remove(trial.id());
            if (finished.size() >= trials / 2 && measured.compareAndSet(false, true)) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                heapHalfWay = runtime.totalMemory() - runtime.freeMemory();
            }
        }

        @Override
        public void failed(Trial trial) {}

        @Override
        public void nothingWorksNow(List<Trial> inARow, Duration pause) {}

        @Override
        public void waitsToo(Trial trial, Duration pause) {}

        @Override
        public void nothingWorks(int trialsInARow) {
            throw new IllegalStateException("Nothing is done on " + slots + " slots that all work");
        }
    }
}
