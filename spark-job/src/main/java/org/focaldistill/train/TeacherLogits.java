package org.focaldistill.train;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.data.Views;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Normalisation;
import org.focaldistill.weights.Tensor;

/** A teacher's logits of whole sets of images, to be kept. */
public final class TeacherLogits {
    /** Images a batch. */
    public static final int BATCH = Logits.BATCH;

    private TeacherLogits() {}

    /** Says how a data set's images become a network's input, in a few words that change when any of it does. */
    public static String scheme(ImageInput images) {
        Normalisation normalisation = images.normalisation();
        return Views.scheme(images.side()) + "; mean " + normalisation.mean() + ", deviation "
                + normalisation.deviation();
    }

    /**
     * Runs a network in evaluation mode over a set.
     *
     * @param cancelled asked before each batch
     * @return {@code [size, classes]}
     * @throws CancellationException if cancelled
     */
    public static Tensor of(Classifier network, TrainingData data, ViewedImages set, BooleanSupplier cancelled) {
        ImageSet images = set.areTestImages() ? data.test() : data.train();
        int[] indices = set.indices();
        double[] computed = Logits.of(network, images, indices, set::view, cancelled);
        float[] logits = new float[computed.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) computed[i];
        }
        return new Tensor(new long[] {indices.length, network.classes()}, logits);
    }
}
