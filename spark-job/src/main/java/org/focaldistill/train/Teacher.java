package org.focaldistill.train;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A trained network in evaluation mode, as a trial needs it. */
public interface Teacher {
    /**
     * Logits of a training batch, {@code [batch, classes]}, row-major.
     *
     * @param images the batch as the student sees it
     * @param indices which training images they are
     * @param position the position in each image's order of views that the epoch takes
     */
    double[] training(INDArray images, int[] indices, int position);

    /** Logits of training images as they are, {@code [indices, classes]}: for the loss on the held-out ones. */
    double[] centre(int[] indices);

    /** Logits of all test images, {@code [images, classes]}. */
    double[] test();
}
