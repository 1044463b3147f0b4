package org.focaldistill.train;

import java.util.Arrays;
import org.focaldistill.data.ViewedImages;
import org.focaldistill.weights.Tensor;
import org.jspecify.annotations.Nullable;

/** A teacher whose logits were computed before, by image and view. Belongs to one training at a time. */
public final class BankTeacher implements Teacher {
    private final Pages pages;
    private final boolean half;
    private final int trainImages;
    private final ViewedImages.HeldOut heldOut;
    private final ViewedImages.Test test;
    private @Nullable Tensor epochPage;
    private int epochPosition;

    /** Where the logits of a set are. */
    public interface Pages {
        /** Logits {@code [size, classes]} of a set; the array is shared and not to be changed. */
        Tensor of(ViewedImages set);
    }

    /**
     * A teacher for one training.
     *
     * @param half whether the pages of training images hold nothing but values of half precision
     * @param trainImages how many training images there are, held-out ones among them
     * @param heldOut those held out
     * @param test the test images
     */
    public BankTeacher(
            Pages pages, boolean half, int trainImages, ViewedImages.HeldOut heldOut, ViewedImages.Test test) {
        this.pages = pages;
        this.half = half;
        this.trainImages = trainImages;
        this.heldOut = heldOut;
        this.test = test;
    }

    @Override
    public double[] training(int[] indices, int position) {
        Tensor page = page(position);
        int classes = (int) page.shape()[1];
        double[] logits = new double[indices.length * classes];
        for (int row = 0; row < indices.length; row++) {
            copy(page.values(), indices[row] * classes, logits, row * classes, classes);
        }
        return logits;
    }

    /** Whether pages lose nothing in half precision. */
    public boolean isHalf() {
        return half;
    }

    /**
     * Logits {@code [images, classes]} of all training images; not to be changed.
     *
     * @param position as for {@link #training}
     */
    public Tensor page(int position) {
        // Asked for once an epoch: with many trials side by side it may not be among those that are kept.
        Tensor page = epochPage;
        if (page == null || position != epochPosition) {
            page = pages.of(new ViewedImages.AtPosition(position, trainImages));
            epochPage = page;
            epochPosition = position;
        }
        return page;
    }

    @Override
    public double[] centre(int[] indices) {
        if (!Arrays.equals(indices, heldOut.indices())) {
            throw new IllegalArgumentException(
                    "The bank has logits of " + heldOut.name() + ", not of these " + indices.length + " images");
        }
        return all(pages.of(heldOut));
    }

    @Override
    public double[] test() {
        return all(pages.of(test));
    }

    private static double[] all(Tensor page) {
        double[] logits = new double[page.values().length];
        copy(page.values(), 0, logits, 0, logits.length);
        return logits;
    }

    private static void copy(float[] from, int at, double[] to, int offset, int count) {
        for (int i = 0; i < count; i++) {
            to[offset + i] = from[at + i];
        }
    }
}
