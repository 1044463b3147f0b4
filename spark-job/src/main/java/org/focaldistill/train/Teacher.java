package org.focaldistill.train;

/** A trained network in evaluation mode, as a trial needs it. */
public interface Teacher {
    /**
     * Logits of a training batch, {@code [batch, classes]}, row-major.
     *
     * @param indices which training images they are
     * @param position the position in each image's order of views that the epoch takes
     */
    double[] training(int[] indices, int position);

    /** Logits of training images as they are, {@code [indices, classes]}: for the loss on the held-out ones. */
    double[] centre(int[] indices);

    /** Logits of all test images, {@code [images, classes]}. */
    double[] test();
}
