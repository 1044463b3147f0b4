package org.focaldistill.nn.averaging;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.focaldistill.nn.dl4j.GraphNetwork;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.Step;
import org.focaldistill.train.TrainingTask;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A worker's own copy of a network that several train together, to be used for many rounds. Belongs to one thread at a
 * time; {@link #close} frees its native memory.
 */
public final class RoundWorker implements AutoCloseable {
    private final GraphNetwork network;

    public RoundWorker(TrainingTask task) {
        this(GraphNetwork.of(task));
    }

    RoundWorker(GraphNetwork network) {
        this.network = network;
    }

    /** The network, which makes its steps with {@link ComputationGraph#fit}. */
    public ComputationGraph graph() {
        return network.graph();
    }

    /**
     * Begins a round.
     *
     * @param epoch 0-based
     * @param parameters all of the network's, in Deeplearning4j's order
     * @param velocities the optimiser's, in the same order
     */
    public void begin(int epoch, INDArray parameters, INDArray velocities) {
        network.startEpoch(epoch);
        graph().params().assign(parameters);
        graph().getUpdater().getStateViewArray().assign(velocities);
    }

    /**
     * Makes a step.
     *
     * @param worker which worker this is
     * @param step 0-based within the round
     * @param images how many images it is on
     * @param fit has the network make it
     */
    public WorkerNote step(int worker, int step, int images, Runnable fit) {
        try {
            fit.run();
        } catch (NotFiniteException e) {
            return new WorkerNote.NotFinite(worker, step, e.what());
        }
        Step made = network.lastStep();
        return new WorkerNote.Made(worker, step, images, made.components(), made.total(), made.gradientNorm());
    }

    /** What the others' running means are to be compared with at the end of the round. */
    public WorkerNote runningMeans(int worker) {
        return new WorkerNote.RunningMeans(worker, NormStatistics.means(graph()));
    }

    @Override
    public void close() {
        network.close();
    }
}
