package org.focaldistill.nn.averaging;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.nn.dl4j.GraphNetwork;
import org.focaldistill.train.Step;
import org.focaldistill.train.StepLog;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.Workers;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A worker's own copy of a network that several train together, to be used for many rounds: what Deeplearning4j's vectors are
 * copied to and from, whatever makes the steps. Belongs to one thread at a time; {@link #close} frees its native memory.
 */
public abstract class RoundWorker implements AutoCloseable {
    private final GraphNetwork network;
    private int epoch;

    RoundWorker(GraphNetwork network) {
        this.network = network;
    }

    /** One whose steps Deeplearning4j makes. Its batches are {@link TrainingBatches#ofPixels}. */
    public static RoundWorker onGraph(TrainingTask task) {
        return new GraphWorker(GraphNetwork.of(task));
    }

    /**
     * One whose steps another engine makes. Its batches are {@link TrainingBatches#ofIndices}.
     *
     * @param data whose training images they name
     * @param engine asked for a worker in each round
     * @param control asked whether to stop
     */
    public static RoundWorker on(
            Workers engine, TrainingTask task, TrainingData data, TrialTrainer.LegControl control) {
        return new EngineWorker(GraphNetwork.of(task), engine, task, data, control);
    }

    /** The network, which has what the last round began with until its last batch was taken. */
    public final ComputationGraph graph() {
        return network.graph();
    }

    final GraphNetwork network() {
        return network;
    }

    /** 0-based, of the round. */
    final int epoch() {
        return epoch;
    }

    /**
     * Begins a round.
     *
     * @param epochOfRound 0-based
     * @param parameters all of the network's, in Deeplearning4j's order
     * @param velocities the optimiser's, in the same order
     */
    public void begin(int epochOfRound, INDArray parameters, INDArray velocities) {
        epoch = epochOfRound;
        network.startEpoch(epoch);
        graph().params().assign(parameters);
        graph().getUpdater().getStateViewArray().assign(velocities);
    }

    /**
     * Takes a batch of the round; after the last one the network has all of its steps.
     *
     * @param worker which worker this is
     * @return what is to be told of steps that were made since the last call; nothing follows one that is not finite
     */
    public abstract List<WorkerNote> take(int worker, MultiDataSet batch, boolean isLast);

    static WorkerNote made(int worker, int step, StepLog.Share share) {
        Step made = share.step();
        return new WorkerNote.Made(worker, step, share.images(), made.components(), made.total(), made.gradientNorm());
    }

    /** What the others' running means are to be compared with at the end of the round. */
    public final WorkerNote runningMeans(int worker) {
        return new WorkerNote.RunningMeans(worker, NormStatistics.means(graph()));
    }

    @Override
    public final void close() {
        network.close();
    }
}
