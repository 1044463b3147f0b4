package org.focaldistill.nn.dl4j;

import java.util.List;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.data.Views;
import org.focaldistill.nn.backend.NativeRoom;
import org.focaldistill.train.Step;
import org.focaldistill.train.StepLog;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.focaldistill.train.TrialTrainer;
import org.jspecify.annotations.Nullable;

/** Makes the steps of an epoch one after the other, here: plain SGD. */
final class LocalStudent extends GraphStudent {
    private final NativeRoom.Share room;
    private final TrainingTask task;
    private final TrainingData data;
    private final @Nullable Teacher teacher;
    private final TrialTrainer.LegControl control;
    private final TrainingOrder order;
    private final BatchAhead batches;

    /** @param room given back when it is closed */
    LocalStudent(
            GraphNetwork network,
            NativeRoom.Share room,
            TrainingTask task,
            TrainingData data,
            TrainingOrder order,
            @Nullable Teacher teacher,
            TrialTrainer.LegControl control) {
        super(network);
        this.room = room;
        this.task = task;
        this.data = data;
        this.teacher = teacher;
        this.control = control;
        this.order = order;
        this.batches = new BatchAhead(
                data.train(),
                task.network().imageInput(),
                network.dataType(),
                task.recipe().batchSize());
    }

    @Override
    public boolean train(int epoch, StepLog made) {
        network().startEpoch(epoch);
        int position = Views.position(task.dataSeed(), epoch);
        batches.start(order.epoch(epoch), position);
        for (BatchAhead.Batch batch = batches.next(); batch != null; batch = batches.next()) {
            if (control.stopRequested()) {
                return false;
            }
            int size = batch.indices().length;
            made.step(List.of(new StepLog.Share(step(batch, position), size)));
            control.trained(size);
        }
        return true;
    }

    private Step step(BatchAhead.Batch batch, int position) {
        double[] logits = teacher == null ? null : teacher.training(batch.indices(), position);
        return network()
                .step(
                        batch.images(),
                        LabelledBatch.labels(
                                data.train(),
                                batch.indices(),
                                logits,
                                classes(),
                                network().dataType()));
    }

    @Override
    public void close() {
        try {
            batches.close();
            super.close();
        } finally {
            room.close();
        }
    }
}
