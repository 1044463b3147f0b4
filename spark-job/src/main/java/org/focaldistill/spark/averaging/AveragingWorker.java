package org.focaldistill.spark.averaging;

import java.util.List;
import java.util.Objects;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.focaldistill.nn.averaging.RoundWorker;
import org.focaldistill.nn.averaging.WorkerNote;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Deeplearning4j's averaging worker with a network of our own, which lasts for many rounds. The one that its base builds
 * from the broadcast configuration would share its loss, which remembers its last batch, with all workers of this JVM.
 */
final class AveragingWorker extends ParameterAveragingTrainingWorker {
    private static final long serialVersionUID = 1;

    private final Broadcast<NetBroadcastTuple> start;
    private final int epoch;
    private final String training;
    private final WorkerSource source;
    private final RoundNotes notes;
    private transient @Nullable RoundWorker worker;

    /**
     * @param start the network's parameters and velocities
     * @param epoch 0-based
     * @param training which training this is
     * @param source makes its networks
     */
    AveragingWorker(
            Broadcast<NetBroadcastTuple> start,
            WorkerConfiguration configuration,
            int epoch,
            String training,
            WorkerSource source,
            RoundNotes notes) {
        super(start, true, configuration, null, null, null);
        this.start = start;
        this.epoch = epoch;
        this.training = training;
        this.source = source;
        this.notes = notes;
    }

    @Override
    public ComputationGraph getInitialModelGraph() {
        RoundWorker taken = IdleWorkers.OF_THIS_JVM.take(training, source);
        TaskCompletionListener release = task -> {
            if (task.isCompleted() && !task.isFailed() && !task.isInterrupted()) {
                IdleWorkers.OF_THIS_JVM.giveBack(training, taken);
            } else {
                taken.close();
            }
        };
        TaskContext unused = TaskContext.get().addTaskCompletionListener(release);
        taken.begin(epoch, start.value().getParameters(), start.value().getUpdaterState());
        worker = taken;
        return taken.graph();
    }

    /** Null as long as there are steps to come. */
    @Override
    public @Nullable ParameterAveragingTrainingResult processMinibatch(
            MultiDataSet batch, ComputationGraph graph, boolean isLast) {
        TaskContext.get().killTaskIfInterrupted();
        List<WorkerNote> told = worker().take(index(), batch, isLast);
        told.forEach(notes::add);
        // After a loss that is not finite the round's result is of no use; it ends here, and the note says why.
        boolean ended = isLast || told.stream().anyMatch(WorkerNote.NotFinite.class::isInstance);
        return ended ? getFinalResult(graph) : null;
    }

    /** Copies, since the network may be in another task's hands before Spark has sent this one's result. */
    @Override
    public ParameterAveragingTrainingResult getFinalResult(ComputationGraph graph) {
        notes.add(worker().runningMeans(index()));
        return new ParameterAveragingTrainingResult(
                graph.params().dup(), graph.getUpdater().getStateViewArray().dup(), graph.score(), null, null, null);
    }

    private RoundWorker worker() {
        return Objects.requireNonNull(worker, "The worker has no network yet");
    }

    private static int index() {
        return TaskContext.getPartitionId();
    }
}
