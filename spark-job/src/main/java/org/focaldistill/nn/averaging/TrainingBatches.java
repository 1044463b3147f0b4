package org.focaldistill.nn.averaging;

import java.util.Arrays;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.data.Views;
import org.focaldistill.nn.dl4j.LabelledBatch;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Makes a training's batches where they are trained on. Belongs to one thread. */
public final class TrainingBatches {
    private final TrainingTask task;
    private final TrainingData data;
    private final @Nullable Teacher teacher;
    private final TrainingOrder order;
    private int epoch = -1;
    private int[] ofEpoch = {};

    /** @param teacher required where the loss has alpha above 0 */
    public TrainingBatches(TrainingTask task, TrainingData data, @Nullable Teacher teacher) {
        this.task = task;
        this.data = data;
        this.teacher = teacher;
        this.order = task.order(data);
    }

    /** The images of a part of an epoch, as that epoch shows them. */
    public LabelledBatch of(BatchRange range) {
        if (epoch != range.epoch()) {
            ofEpoch = order.epoch(range.epoch());
            epoch = range.epoch();
        }
        int[] indices = Arrays.copyOfRange(ofEpoch, range.from(), range.to());
        int position = Views.position(task.dataSeed(), epoch);
        double[] logits = teacher == null ? null : teacher.training(indices, position);
        return LabelledBatch.of(data.train(), indices, task.network(), position, logits, DataType.FLOAT);
    }
}
