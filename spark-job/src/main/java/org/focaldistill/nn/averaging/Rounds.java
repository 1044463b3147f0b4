package org.focaldistill.nn.averaging;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Where several workers train a network together. */
public interface Rounds {
    /**
     * One round: each worker sets out from the network as it is, parameters, running statistics and velocities, and makes
     * a step a batch; then the network gets the mean of what they have, whatever each has seen.
     *
     * @param epoch 0-based; decides the learning rate
     * @param ofWorkers each worker's batches in order, at least one for the first worker
     * @return the notes of all workers, in any order
     */
    List<WorkerNote> run(ComputationGraph network, int epoch, List<List<BatchRange>> ofWorkers);
}
