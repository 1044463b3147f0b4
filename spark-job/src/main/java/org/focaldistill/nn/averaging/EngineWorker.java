package org.focaldistill.nn.averaging;

import java.util.ArrayList;
import java.util.List;
import org.focaldistill.nn.dl4j.GraphNetwork;
import org.focaldistill.nn.dl4j.Velocities;
import org.focaldistill.train.EpochPart;
import org.focaldistill.train.NotFiniteException;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.train.Worker;
import org.focaldistill.train.Workers;
import org.focaldistill.weights.InvalidModelException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Has another engine make all steps of a round when it was given the last batch. What the round begins with goes to a worker of
 * that engine and comes back by tensors' names. Between two rounds it has no such worker: a trial that has ended would keep a
 * card's memory from others, and an engine that was lost would stay.
 */
final class EngineWorker extends RoundWorker {
    private static final String ROUND = "the round's network";

    private final Workers engine;
    private final TrainingTask task;
    private final TrainingData data;
    private final TrialTrainer.LegControl control;
    private final List<MultiDataSet> batches = new ArrayList<>();

    EngineWorker(
            GraphNetwork network,
            Workers engine,
            TrainingTask task,
            TrainingData data,
            TrialTrainer.LegControl control) {
        super(network);
        this.engine = engine;
        this.task = task;
        this.data = data;
        this.control = control;
    }

    @Override
    public void begin(int epochOfRound, INDArray parameters, INDArray velocities) {
        super.begin(epochOfRound, parameters, velocities);
        batches.clear();
    }

    @Override
    public List<WorkerNote> take(int worker, MultiDataSet batch, boolean isLast) {
        batches.add(batch);
        if (!isLast) {
            return List.of();
        }
        EpochPart part = TrainingBatches.part(epoch(), batches);
        try (Worker copy = engine.begin(task, data, part.teacherLogits().length > 0, control)) {
            copy.load(network().tensors(), ROUND);
            copy.loadVelocities(Velocities.read(graph()), ROUND);
            List<WorkerNote> notes = train(worker, copy, part);
            network().load(copy.tensors(), ROUND);
            Velocities.write(graph(), copy.velocities());
            return notes;
        } catch (InvalidModelException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private List<WorkerNote> train(int worker, Worker copy, EpochPart part) {
        List<WorkerNote> notes = new ArrayList<>();
        try {
            if (!copy.train(part, shares -> notes.add(made(worker, notes.size(), shares.get(0))))) {
                throw new IllegalStateException("Asked to stop in the midst of a round");
            }
        } catch (NotFiniteException e) {
            notes.add(new WorkerNote.NotFinite(worker, notes.size(), e.what()));
        }
        return notes;
    }
}
