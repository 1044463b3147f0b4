package org.focaldistill.nn.averaging;

import java.util.List;
import org.focaldistill.nn.dl4j.GraphNetwork;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.StepLog;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Makes a step when it is given its batch, with Deeplearning4j's {@code fit}. */
final class GraphWorker extends RoundWorker {
    private int steps;

    GraphWorker(GraphNetwork network) {
        super(network);
    }

    @Override
    public void begin(int epochOfRound, INDArray parameters, INDArray velocities) {
        super.begin(epochOfRound, parameters, velocities);
        steps = 0;
    }

    @Override
    public List<WorkerNote> take(int worker, MultiDataSet batch, boolean isLast) {
        int step = steps++;
        try {
            graph().fit(batch);
        } catch (NotFiniteException e) {
            return List.of(new WorkerNote.NotFinite(worker, step, e.what()));
        }
        int images = (int) batch.getFeatures(0).size(0);
        return List.of(made(worker, step, new StepLog.Share(network().lastStep(), images)));
    }
}
