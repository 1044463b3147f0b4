package org.focaldistill.data.own;

import org.jspecify.annotations.Nullable;

/** What becomes of an image of another size or shape than wanted. */
public enum Resize {
    /** It is refused. */
    REFUSE,
    /** Its shorter side is scaled to the size, and the centre of the longer one is taken. */
    SCALE_AND_CROP,
    /** Both sides are scaled to the size, each for itself. */
    STRETCH;

    /** The image in the size; null where it is refused. */
    @Nullable Picture fit(Picture picture, int side) {
        if (picture.width() == side && picture.height() == side) {
            return picture;
        }
        return switch (this) {
            case REFUSE -> null;
            case SCALE_AND_CROP -> Resampling.scaled(picture.centre(), side);
            case STRETCH -> Resampling.scaled(picture, side);
        };
    }
}
