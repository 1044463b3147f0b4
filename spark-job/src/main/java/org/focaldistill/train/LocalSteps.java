package org.focaldistill.train;

import java.util.List;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.data.Views;
import org.jspecify.annotations.Nullable;

/** The steps of an epoch one after the other, here: plain SGD. */
final class LocalSteps implements EpochSteps {
    private final TrainingTask task;
    private final TrainingData data;
    private final @Nullable Teacher teacher;
    private final Network network;
    private final TrialTrainer.LegControl control;
    private final TrainingOrder order;
    private final BatchAhead batches;

    LocalSteps(
            TrainingTask task,
            TrainingData data,
            @Nullable Teacher teacher,
            Network network,
            TrialTrainer.LegControl control) {
        this.task = task;
        this.data = data;
        this.teacher = teacher;
        this.network = network;
        this.control = control;
        this.order = task.order(data);
        this.batches =
                new BatchAhead(data.train(), network.dataType(), task.recipe().batchSize());
    }

    @Override
    public boolean run(int epoch, StepLog made) {
        network.startEpoch(epoch);
        int position = Views.position(task.dataSeed(), epoch);
        batches.start(order.epoch(epoch), position);
        for (BatchAhead.Batch batch = batches.next(); batch != null; batch = batches.next()) {
            if (control.stopRequested()) {
                return false;
            }
            int size = batch.indices().length;
            made.step(List.of(new Share(step(batch, position), size)));
            control.trained(size);
        }
        return true;
    }

    private Network.Step step(BatchAhead.Batch batch, int position) {
        double[] logits = teacher == null ? null : teacher.training(batch.images(), batch.indices(), position);
        return network.step(
                batch.images(),
                BatchLabels.of(data.train(), batch.indices(), logits, task.classes(), network.dataType()));
    }

    @Override
    public void close() {
        batches.close();
    }
}
