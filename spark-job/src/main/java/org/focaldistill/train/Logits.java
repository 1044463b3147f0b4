package org.focaldistill.train;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.nn.ImageBatch;

/** Runs networks over whole sets of images in evaluation mode. */
final class Logits {
    /** Images a batch: large enough to keep a core busy, small enough for the activations to stay in its cache. */
    static final int BATCH = 128;

    private Logits() {}

    static double[] of(Network network, ImageSet images) {
        return of(network, images, IntStream.range(0, images.size()).toArray());
    }

    /** Logits {@code [indices, classes]} of images as they are. */
    static double[] of(Network network, ImageSet images, int[] indices) {
        return of(network, images, indices, index -> Views.CENTRE, () -> false);
    }

    /**
     * Logits {@code [indices, classes]} of images under a view each.
     *
     * @param view of the image of an index
     * @param cancelled asked before each batch
     * @throws CancellationException if cancelled
     */
    static double[] of(
            Network network, ImageSet images, int[] indices, IntUnaryOperator view, BooleanSupplier cancelled) {
        int classes = network.classes();
        double[] logits = new double[Math.multiplyExact(indices.length, classes)];
        ImageBatch batch = new ImageBatch(BATCH);
        for (int from = 0; from < indices.length; from += BATCH) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("Told to stop at image " + from + " of " + indices.length);
            }
            int to = Math.min(from + BATCH, indices.length);
            batch.clear();
            for (int i = from; i < to; i++) {
                add(batch, images, indices[i], view.applyAsInt(indices[i]));
            }
            double[] part = network.logits(batch.toArray(network.dataType()));
            System.arraycopy(part, 0, logits, from * classes, part.length);
        }
        return logits;
    }

    static void add(ImageBatch batch, ImageSet images, int index, int view) {
        batch.add(images.pixels(), index * ImageSet.IMAGE_BYTES, Views.down(view), Views.right(view), Views.flip(view));
    }

    static int[] labels(ImageSet images, int[] indices) {
        int[] labels = new int[indices.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = images.label(indices[i]);
        }
        return labels;
    }
}
