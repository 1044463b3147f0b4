package org.focaldistill.train;

import java.util.function.IntUnaryOperator;
import org.focaldistill.data.ImageSet;

/** A network on some engine, in evaluation mode. Belongs to one thread at a time; {@link #close} frees what it holds. */
public interface Classifier extends AutoCloseable {
    /** How many logits it yields. */
    int classes();

    /**
     * Logits of one batch, {@code [indices, classes]}, row-major. {@link Logits} runs whole sets.
     *
     * @param images where the batch is taken from
     * @param indices which images
     * @param view as what the image of an index is seen, see {@link org.focaldistill.data.Views}
     */
    double[] logits(ImageSet images, int[] indices, IntUnaryOperator view);

    @Override
    void close();
}
