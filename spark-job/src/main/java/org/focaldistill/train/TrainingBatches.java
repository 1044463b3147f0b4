package org.focaldistill.train;

import java.util.Arrays;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.data.Views;
import org.focaldistill.nn.ImageBatch;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

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

    /**
     * A batch.
     *
     * @param images {@code [batch, 32, 32, 3]}
     * @param labels {@code [batch, 1 + classes]}: the class and the teacher's logits; the class alone without a teacher
     */
    public record Batch(INDArray images, INDArray labels) {}

    /** The images of a part of an epoch, as that epoch shows them. */
    public Batch of(BatchRange range) {
        if (epoch != range.epoch()) {
            ofEpoch = order.epoch(range.epoch());
            epoch = range.epoch();
        }
        int[] indices = Arrays.copyOfRange(ofEpoch, range.from(), range.to());
        int position = Views.position(task.dataSeed(), epoch);
        ImageBatch batch = new ImageBatch(indices.length);
        for (int index : indices) {
            Logits.add(batch, data.train(), index, Views.of(index, position));
        }
        INDArray images = batch.toArray(DataType.FLOAT);
        double[] logits = teacher == null ? null : teacher.training(images, indices, position);
        return new Batch(images, BatchLabels.of(data.train(), indices, logits, task.classes(), DataType.FLOAT));
    }
}
