package org.focaldistill.nn.dl4j;

import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.net.Network;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A batch to train on.
 *
 * @param images {@code [batch, side, side, 3]}; their indices, {@code [batch, 1]}, for an engine that has them
 * @param labels {@code [batch, 1 + classes]}: the class and the teacher's logits; the class alone without a teacher
 */
public record LabelledBatch(INDArray images, INDArray labels) {

    /**
     * Training images as an epoch shows them.
     *
     * @param network what is trained on them
     * @param position the position in each image's order of views that the epoch takes
     * @param teacherLogits {@code [indices, classes]}; null without a teacher
     */
    public static LabelledBatch of(
            ImageSet images,
            int[] indices,
            Network network,
            int position,
            double @Nullable [] teacherLogits,
            DataType type) {
        ImageBatch batch = new ImageBatch(network.imageInput(), indices.length)
                .fill(images, indices, index -> Views.of(index, position));
        return new LabelledBatch(batch.toArray(type), labels(images, indices, teacherLogits, network.classes(), type));
    }

    /** Training images by their indices; the parameters as above. */
    public static LabelledBatch ofIndices(
            ImageSet images, int[] indices, Network network, double @Nullable [] teacherLogits, DataType type) {
        INDArray column = Nd4j.createFromArray(indices).reshape(indices.length, 1);
        return new LabelledBatch(column, labels(images, indices, teacherLogits, network.classes(), type));
    }

    static INDArray labels(
            ImageSet images, int[] indices, double @Nullable [] teacherLogits, int classes, DataType type) {
        int columns = teacherLogits == null ? 1 : 1 + classes;
        float[] labels = new float[indices.length * columns];
        for (int row = 0; row < indices.length; row++) {
            labels[row * columns] = images.label(indices[row]);
            for (int k = 0; k < columns - 1 && teacherLogits != null; k++) {
                labels[row * columns + 1 + k] = (float) teacherLogits[row * classes + k];
            }
        }
        return Nd4j.create(labels, new long[] {indices.length, columns}, 'c').castTo(type);
    }
}
