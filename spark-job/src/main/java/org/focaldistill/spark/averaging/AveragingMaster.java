package org.focaldistill.spark.averaging;

import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.jspecify.annotations.Nullable;

/**
 * Deeplearning4j's parameter averaging, a round at a time: the velocities are averaged too, which is off by default; the
 * batches stay in the partitions they are dealt to; and what a round broadcasts is freed after it, which would else pile
 * up in every executor until a garbage collection of the driver.
 */
final class AveragingMaster extends ParameterAveragingTrainingMaster {
    private final int workers;
    private final int frequency;
    private final int batchSize;
    private final String training;
    private final WorkerSource source;
    private @Nullable RoundNotes notes;
    private int epoch;
    private @Nullable Broadcast<NetBroadcastTuple> start;

    /**
     * @param workers partitions of a round, at most
     * @param frequency batches of a partition, at most
     * @param batchSize images of a batch, at most
     * @param training which training this is, the same on every executor
     * @param source makes its workers' networks
     */
    AveragingMaster(int workers, int frequency, int batchSize, String training, WorkerSource source) {
        super(new Builder(workers, batchSize)
                .batchSizePerWorker(batchSize)
                .averagingFrequency(frequency)
                .saveUpdater(true)
                .repartionData(Repartition.Never)
                .storageLevelStreams(null)
                .rngSeed(0));
        this.workers = workers;
        this.frequency = frequency;
        this.batchSize = batchSize;
        this.training = training;
        this.source = source;
    }

    /** To be called before each round. */
    void begin(int epochOfRound, RoundNotes notesOfRound) {
        epoch = epochOfRound;
        notes = notesOfRound;
    }

    /** To be called after each round, however it ended. */
    void end() {
        if (start != null) {
            start.destroy();
            start = null;
        }
    }

    @Override
    public ParameterAveragingTrainingWorker getWorkerInstance(SparkComputationGraph graph) {
        if (notes == null) {
            throw new IllegalStateException("No round has begun");
        }
        // Without the network's configuration: the workers make their networks from the trial.
        NetBroadcastTuple tuple = new NetBroadcastTuple(
                null,
                null,
                graph.getNetwork().params(),
                graph.getNetwork().getUpdater().getStateViewArray(),
                new java.util.concurrent.atomic.AtomicInteger());
        start = graph.getSparkContext().broadcast(tuple);
        WorkerConfiguration configuration = new WorkerConfiguration(true, batchSize, batchSize, frequency, 0, false);
        return new AveragingWorker(start, configuration, epoch, training, source, notes);
    }

    /** Known without a Spark job: what is given to it is one round. */
    @Override
    protected <T, R extends JavaRDDLike<T, R>> long getTotalDataSetObjectCount(JavaRDDLike<T, R> batches) {
        return (long) workers * frequency;
    }
}
