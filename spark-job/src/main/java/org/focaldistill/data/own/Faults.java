package org.focaldistill.data.own;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.focaldistill.data.InvalidDataException;

/** What is wrong with the files of images, collected so that all of it is told at once. */
final class Faults {
    private final List<String> unreadable = new ArrayList<>();
    private int ofOtherSize;
    private String firstOfOtherSize = "";

    void unreadable(String name, String reason) {
        unreadable.add(name + ": " + reason.lines().findFirst().orElse(""));
    }

    void ofOtherSize(String name, Picture picture) {
        if (ofOtherSize++ == 0) {
            firstOfOtherSize = String.format(Locale.ROOT, "%s with %d x %d", name, picture.width(), picture.height());
        }
    }

    /** @throws InvalidDataException if there is anything wrong, with what to do */
    void throwIfAny(int images, int side) throws InvalidDataException {
        List<String> sentences = new ArrayList<>();
        if (!unreadable.isEmpty()) {
            sentences.add(unreadable.size() + " of " + images + " images can not be read; mend them or take them away:"
                    + Named.lines(unreadable));
        }
        if (ofOtherSize > 0) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "%d of %d images are not %d x %d pixels (columns x rows), the first is %s; set data.resize ="
                            + " scale-and-crop or stretch, or another data.imageSize",
                    ofOtherSize,
                    images,
                    side,
                    side,
                    firstOfOtherSize));
        }
        if (!sentences.isEmpty()) {
            throw new InvalidDataException(String.join("\n", sentences));
        }
    }
}
