package org.focaldistill.train;

import org.focaldistill.data.ImageSet;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a batch's loss is computed from, beside the network's logits. */
final class BatchLabels {
    private BatchLabels() {}

    /** {@code [batch, 1 + classes]}: the class and the teacher's logits, or the class alone. */
    static INDArray of(ImageSet images, int[] indices, double @Nullable [] teacherLogits, int classes, DataType type) {
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
