package org.focaldistill.train;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.data.Views;
import org.focaldistill.nn.ImageBatch;
import org.focaldistill.weights.Tensor;

/** A teacher's logits of whole sets of images, to be kept. */
public final class TeacherLogits {
    /** Images a batch: large enough to keep a core busy, small enough for the activations to stay in its cache. */
    public static final int BATCH = 128;

    private TeacherLogits() {}

    /** Says how images become a network's input, in a few words that change when any of it does. */
    public static String scheme() {
        return Views.scheme() + "; mean " + Arrays.toString(ImageBatch.mean()) + ", deviation "
                + Arrays.toString(ImageBatch.deviation());
    }

    /**
     * Runs a network in evaluation mode over a set.
     *
     * @param cancelled asked before each batch
     * @return {@code [size, classes]}
     * @throws CancellationException if cancelled
     */
    public static Tensor of(Network network, TrainingData data, ViewedImages set, BooleanSupplier cancelled) {
        ImageSet images = set.areTestImages() ? data.test() : data.train();
        int[] indices = set.indices();
        int classes = network.classes();
        float[] logits = new float[Math.multiplyExact(indices.length, classes)];
        ImageBatch batch = new ImageBatch(BATCH);
        for (int from = 0; from < indices.length; from += BATCH) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("Told to stop at image " + from + " of " + indices.length);
            }
            int to = Math.min(from + BATCH, indices.length);
            batch.clear();
            for (int row = from; row < to; row++) {
                Logits.add(batch, images, indices[row], set.view(indices[row]));
            }
            double[] part = network.logits(batch.toArray(network.dataType()));
            for (int i = 0; i < part.length; i++) {
                logits[from * classes + i] = (float) part[i];
            }
        }
        return new Tensor(new long[] {indices.length, classes}, logits);
    }
}
