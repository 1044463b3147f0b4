package org.focaldistill.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * The ways an image is shown in training: a crop of the image's size out of the image with a border of 4, at one of 9 x 9
 * places, as it is or mirrored, whatever the size. A view is one integer, {@code (row * 9 + column) * 2 + flip} with row and column from 0 to 8.
 *
 * <p>Each image goes through its views in an order of its own that never changes. An epoch takes one position of that
 * order for all images, so a teacher's logits for an epoch are one file whatever the seed; seeds choose which position
 * each epoch takes. Within {@value #COUNT} epochs an image meets each view once, where independent draws would repeat
 * some and miss others: a deviation from the published recipe.
 */
public final class Views {
    /** Number of views. */
    public static final int COUNT = 162;
    /** The image as it is. */
    public static final int CENTRE = (4 * 9 + 4) * 2;

    private static final long ORDER_OF_IMAGE = 0x5DEECE66DL;
    private static final long ORDER_OF_EPOCHS = 0x2545F4914F6CDD1DL;

    private Views() {}

    /** Rows the crop lies below the centre, -4 to 4. */
    public static int down(int view) {
        return view / 18 - 4;
    }

    /** Columns the crop lies right of the centre, -4 to 4. */
    public static int right(int view) {
        return view / 2 % 9 - 4;
    }

    /** Whether the crop is mirrored. */
    public static boolean flip(int view) {
        return view % 2 == 1;
    }

    /**
     * The view an image is shown in.
     *
     * @param image its index among all training images, whatever the split
     * @param position in the image's order, 0 to 161
     */
    public static int of(int image, int position) {
        return permutation(new SplittableRandom(ORDER_OF_IMAGE + image))[position];
    }

    /**
     * The position all images take in an epoch.
     *
     * @param dataSeed the trial's data seed
     * @param epoch 0-based
     */
    public static int position(long dataSeed, int epoch) {
        return permutation(new SplittableRandom(cycleStart(dataSeed, epoch / COUNT)))[epoch % COUNT];
    }

    static long cycleStart(long dataSeed, int cycle) {
        return ORDER_OF_EPOCHS * (dataSeed + 1) + cycle;
    }

    /**
     * Says how images of so many rows are shown, in a few words that change when a view's place or flip or the order of views does. Logits
     * stored by image and position are of use only to a program that says the same.
     */
    public static String scheme(int side) {
        int[] shown = new int[COUNT];
        Arrays.setAll(shown, position -> {
            int view = of(1, position);
            return Objects.hash(of(0, position), view, down(view), right(view), flip(view));
        });
        return "crop " + side + " of " + (side + 8) + ", black border, flip, order "
                + Integer.toHexString(Arrays.hashCode(shown));
    }

    private static int[] permutation(SplittableRandom random) {
        return Permutations.of(COUNT, random);
    }
}
