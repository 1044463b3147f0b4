package org.focaldistill.spark;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.focaldistill.nn.averaging.ParameterAveraging;
import org.focaldistill.nn.averaging.RoundWorker;
import org.focaldistill.nn.averaging.Rounds;
import org.focaldistill.nn.averaging.TrainingBatches;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.spark.averaging.SparkRounds;
import org.focaldistill.spark.averaging.WorkerSource;
import org.focaldistill.spark.cluster.PlacedPartitions;
import org.focaldistill.spark.cluster.StopSwitch;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.spark.gpu.GpuBinding;
import org.focaldistill.spark.gpu.SlotPlace;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrialTrainer;

/** Runs legs of trials that several slots train together, from a thread of the driver. */
final class AveragingLeg {
    private AveragingLeg() {}

    /**
     * Checks that this JVM can hold and measure a network.
     *
     * @throws IOException if it can not, with the reason
     */
    static void requireBackend() throws IOException {
        try {
            String unused = KernelLibraries.backend();
        } catch (LinkageError | RuntimeException e) {
            throw new IOException(
                    "Cannot train a trial on several slots: its network is averaged and measured in the driver, where"
                            + " ND4J has no backend. Start the driver where ND4J's native library loads"
                            + " (focaldistill doctor says whether it does), or set sweep.workersPerTrial = 1",
                    e);
        }
    }

    static LegReport run(
            JavaSparkContext spark,
            SerializableConfiguration configuration,
            List<String> locations,
            StopSwitch stop,
            TrialLeg trialLeg)
            throws IOException {
        Leg leg = trialLeg.leg();
        int workers = trialLeg.trial().workers();
        int frequency = trialLeg.trial().averagingFrequency();
        Rounds rounds = rounds(spark, configuration, locations, leg, workers, frequency, source(leg, configuration));
        TrialTrainer.LegControl control = new TrialTrainer.LegControl() {
            @Override
            public boolean stopRequested() {
                return stop.isPulled();
            }

            /** The workers count for themselves. */
            @Override
            public void trained(int images) {}
        };
        LegRunner runner = new LegRunner(
                configuration.value(),
                new TrialTrainer(new ParameterAveraging(workers, frequency, rounds)),
                null,
                control);
        SlotPlace place = SlotPlace.ofDriver(workers, backend(spark, locations, leg.computation(), workers));
        return trialLeg.measuredOnCpus().run(configuration.value(), runner, place);
    }

    /**
     * What computes the workers' steps and, if that is other than what measures them, what does. Cards are asked for by a job of
     * tasks that are placed as the workers are, so that a leg that only measures has them too: where a round finds a slot taken and
     * Spark has it wait elsewhere, or an executor goes, rounds run on cards that are not named.
     */
    private static String backend(
            JavaSparkContext spark, List<String> locations, Computation computation, int workers) {
        if (!computation.onCard()) {
            return Engines.of(computation).description();
        }
        String measuredBy = TrialOutcome.Run.AND
                + TrialOutcome.Run.MEASURED_BY
                + Engines.forEvaluation().description();
        List<Integer> each = IntStream.range(0, workers).boxed().toList();
        return PlacedPartitions.of(spark, each, locations)
                .map(worker -> {
                    GpuBinding.verify(TaskContext.get());
                    return Engines.of(computation).description();
                })
                .collect()
                .stream()
                .distinct()
                .collect(Collectors.joining(TrialOutcome.Run.AND, "", measuredBy));
    }

    private static WorkerSource source(Leg leg, SerializableConfiguration configuration) {
        Computation computation = leg.computation();
        if (!computation.onCard()) {
            return () -> RoundWorker.onGraph(leg.task());
        }
        // Asked anew in each round, as a card that was lost is opened anew.
        return () -> RoundWorker.on(
                (task, data, taught, control) -> Engines.workers(computation).begin(task, data, taught, control),
                leg.task(),
                ExecutorCache.OF_THIS_JVM.data(leg.data(), configuration.value()),
                new OfTheTask());
    }

    /** Of whichever task a worker is in. */
    private static final class OfTheTask implements TrialTrainer.LegControl {
        @Override
        public boolean stopRequested() {
            return TaskContext.get().isInterrupted();
        }

        /** Counted by batches. */
        @Override
        public void trained(int images) {}
    }

    /**
     * @param locations where the workers are best
     * @param networks makes the workers' networks
     */
    static Rounds rounds(
            JavaSparkContext spark,
            SerializableConfiguration configuration,
            List<String> locations,
            Leg leg,
            int workers,
            int frequency,
            WorkerSource networks) {
        return new SparkRounds(
                spark,
                configuration,
                locations,
                leg.checkpoints(),
                leg.recipe().batchSize(),
                workers,
                frequency,
                networks,
                (hadoop, task) -> batches(leg, hadoop, task));
    }

    /** Of the images and the teacher that a worker's executor has. */
    private static TrainingBatches batches(Leg leg, Configuration hadoop, TaskContext task) throws IOException {
        GpuBinding.verify(task);
        LegTeacher teacher = LegTeacher.of(leg, hadoop, task::isInterrupted);
        TaskCompletionListener release = ended -> teacher.close();
        TaskContext unused = task.addTaskCompletionListener(release);
        TrainingData data = ExecutorCache.OF_THIS_JVM.data(leg.data(), hadoop);
        return leg.computation().onCard()
                ? TrainingBatches.ofIndices(leg.task(), data, teacher.teacher())
                : TrainingBatches.ofPixels(leg.task(), data, teacher.teacher());
    }
}
