package org.focaldistill.train;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.weights.InvalidModelException;

/** Runs networks over whole sets of images, in evaluation mode. */
public final class Logits {
    /** Images a batch: large enough to keep a core busy, small enough for the activations to stay in its cache. */
    static final int BATCH = 128;

    private Logits() {}

    /** Logits {@code [images, classes]}, row-major, of images as they are. */
    public static double[] of(Classifier classifier, ImageSet images) {
        return of(classifier, images, IntStream.range(0, images.size()).toArray());
    }

    /** Logits {@code [indices, classes]} of images as they are. */
    static double[] of(Classifier classifier, ImageSet images, int[] indices) {
        return of(classifier, images, indices, index -> Views.CENTRE, () -> false);
    }

    /**
     * Logits {@code [indices, classes]} of images under a view each.
     *
     * @param view of the image of an index
     * @param cancelled asked before each batch
     * @throws CancellationException if cancelled
     */
    static double[] of(
            Classifier classifier, ImageSet images, int[] indices, IntUnaryOperator view, BooleanSupplier cancelled) {
        int classes = classifier.classes();
        double[] logits = new double[Math.multiplyExact(indices.length, classes)];
        for (int from = 0; from < indices.length; from += BATCH) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("Told to stop at image " + from + " of " + indices.length);
            }
            int to = Math.min(from + BATCH, indices.length);
            double[] part = classifier.logits(images, Arrays.copyOfRange(indices, from, to), view);
            System.arraycopy(part, 0, logits, from * classes, part.length);
        }
        return logits;
    }

    /**
     * Checks logits before anything is measured on them: weights can be finite and too large to compute with.
     *
     * @param logits {@code [images, classes]}, row-major
     * @param name what to call the network in messages
     * @throws InvalidModelException if one is not finite
     */
    public static void requireFinite(double[] logits, int classes, String name) throws InvalidModelException {
        for (int i = 0; i < logits.length; i++) {
            if (!Double.isFinite(logits[i])) {
                throw new InvalidModelException("Cannot use the model " + name + ": its logit of class " + i % classes
                        + " for test image " + i / classes + " is " + logits[i]
                        + ", so its weights are no sound training's; take another checkpoint");
            }
        }
    }

    static int[] labels(ImageSet images, int[] indices) {
        int[] labels = new int[indices.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = images.label(indices[i]);
        }
        return labels;
    }
}
