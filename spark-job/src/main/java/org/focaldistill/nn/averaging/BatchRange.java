package org.focaldistill.nn.averaging;

/**
 * A batch by its place in a training's order: the images that an epoch takes from one place to another.
 *
 * @param epoch 0-based
 * @param from 0-based place of the first
 * @param to place after the last
 */
public record BatchRange(int epoch, int from, int to) {
    public BatchRange {
        if (epoch < 0 || from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "A batch has an epoch and at least one image, found epoch " + epoch + ", " + from + " to " + to);
        }
    }

    /** How many images. */
    public int images() {
        return to - from;
    }
}
