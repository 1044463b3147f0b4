package org.focaldistill.nn.averaging;

import java.util.Arrays;
import java.util.List;
import org.focaldistill.data.TrainingOrder;
import org.focaldistill.data.Views;
import org.focaldistill.nn.dl4j.LabelledBatch;
import org.focaldistill.train.EpochPart;
import org.focaldistill.train.Teacher;
import org.focaldistill.train.TrainingData;
import org.focaldistill.train.TrainingTask;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Makes a training's batches where they are trained on. Belongs to one thread. */
public final class TrainingBatches {
    private final TrainingTask task;
    private final TrainingData data;
    private final @Nullable Teacher teacher;
    private final boolean pixels;
    private final TrainingOrder order;
    private int epoch = -1;
    private int[] ofEpoch = {};

    private TrainingBatches(TrainingTask task, TrainingData data, @Nullable Teacher teacher, boolean pixels) {
        this.task = task;
        this.data = data;
        this.teacher = teacher;
        this.pixels = pixels;
        this.order = task.order(data);
    }

    /**
     * Batches of images as an epoch shows them, for {@link RoundWorker#onGraph}.
     *
     * @param teacher required where the loss has alpha above 0
     */
    public static TrainingBatches ofPixels(TrainingTask task, TrainingData data, @Nullable Teacher teacher) {
        return new TrainingBatches(task, data, teacher, true);
    }

    /** Batches that only name the images, for {@link RoundWorker#on}; the parameters as above. */
    public static TrainingBatches ofIndices(TrainingTask task, TrainingData data, @Nullable Teacher teacher) {
        return new TrainingBatches(task, data, teacher, false);
    }

    /** The images of a part of an epoch. */
    public LabelledBatch of(BatchRange range) {
        if (epoch != range.epoch()) {
            ofEpoch = order.epoch(range.epoch());
            epoch = range.epoch();
        }
        int[] indices = Arrays.copyOfRange(ofEpoch, range.from(), range.to());
        int position = Views.position(task.dataSeed(), epoch);
        double[] logits = teacher == null ? null : teacher.training(indices, position);
        return pixels
                ? LabelledBatch.of(data.train(), indices, task.network(), position, logits, DataType.FLOAT)
                : LabelledBatch.ofIndices(data.train(), indices, task.network(), logits, DataType.FLOAT);
    }

    /** What batches of indices name, one after the other. */
    static EpochPart part(int epoch, List<MultiDataSet> batches) {
        int images = 0;
        int classes = 0;
        for (MultiDataSet batch : batches) {
            images += (int) batch.getFeatures(0).size(0);
            classes = (int) batch.getLabels(0).size(1) - 1;
        }
        int[] indices = new int[images];
        float[] logits = new float[images * classes];
        int at = 0;
        for (MultiDataSet batch : batches) {
            int[] ofBatch = batch.getFeatures(0).data().asInt();
            float[] labels = batch.getLabels(0).data().asFloat();
            for (int row = 0; row < ofBatch.length; row++, at++) {
                indices[at] = ofBatch[row];
                System.arraycopy(labels, row * (1 + classes) + 1, logits, at * classes, classes);
            }
        }
        return new EpochPart(epoch, indices, logits);
    }
}
