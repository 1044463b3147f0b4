package org.focaldistill.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;

/**
 * A set of images, each in one view, in a fixed order: what a file of teacher logits has a row for each of. Equal sets
 * have equal names.
 */
public sealed interface ViewedImages extends Serializable {

    /** A name that says which images and views these are, fit for a file. */
    String name();

    /** How many images. */
    int size();

    /** Whether they are test images; else they are training images. */
    boolean areTestImages();

    /** Each image's index in its split, {@code [size]}. */
    int[] indices();

    /** The view of an image of these. */
    int view(int index);

    /**
     * The first training images, each in the view it has at one position of its order: what one epoch shows.
     *
     * @param position from 0 to 161, see {@link Views#position}
     * @param images how many
     */
    record AtPosition(int position, int images) implements ViewedImages {
        public AtPosition {
            if (position < 0 || position >= Views.COUNT || images < 1) {
                throw new IllegalArgumentException("position must be from 0 to " + (Views.COUNT - 1)
                        + " and images at least 1, found " + position + " and " + images);
            }
        }

        @Override
        public String name() {
            return String.format(Locale.ROOT, "train-%d-position-%03d", images, position);
        }

        @Override
        public int size() {
            return images;
        }

        @Override
        public boolean areTestImages() {
            return false;
        }

        @Override
        public int[] indices() {
            return first(images);
        }

        @Override
        public int view(int index) {
            return Views.of(index, position);
        }
    }

    /**
     * The training images that a data seed holds out, as they are.
     *
     * @param dataSeed the seed
     * @param images how many training images they are chosen from
     * @param heldOut how many
     */
    record HeldOut(long dataSeed, int images, int heldOut) implements ViewedImages {
        @Override
        public String name() {
            return String.format(
                    Locale.ROOT, "train-%d-held-out-%d-seed-%s", images, heldOut, Long.toUnsignedString(dataSeed));
        }

        @Override
        public int size() {
            return heldOut;
        }

        @Override
        public boolean areTestImages() {
            return false;
        }

        @Override
        public int[] indices() {
            return new TrainingOrder(dataSeed, images, heldOut).validation();
        }

        @Override
        public int view(int index) {
            return Views.CENTRE;
        }
    }

    /**
     * The first test images, as they are.
     *
     * @param images how many
     */
    record Test(int images) implements ViewedImages {
        @Override
        public String name() {
            return "test-" + images;
        }

        @Override
        public int size() {
            return images;
        }

        @Override
        public boolean areTestImages() {
            return true;
        }

        @Override
        public int[] indices() {
            return first(images);
        }

        @Override
        public int view(int index) {
            return Views.CENTRE;
        }
    }

    private static int[] first(int images) {
        int[] indices = new int[images];
        Arrays.setAll(indices, i -> i);
        return indices;
    }
}
