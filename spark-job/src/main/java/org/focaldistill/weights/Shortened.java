package org.focaldistill.weights;

import java.util.ArrayList;
import java.util.List;

/** Lists for messages. */
final class Shortened {
    private static final int SHOWN = 10;

    private Shortened() {}

    /** The first ten and how many more there are. */
    static List<String> list(Iterable<String> items) {
        List<String> shown = new ArrayList<>();
        int count = 0;
        for (String item : items) {
            if (count < SHOWN) {
                shown.add(Refusal.shown(item));
            }
            count++;
        }
        if (count > SHOWN) {
            shown.add("and " + (count - SHOWN) + " more");
        }
        return shown;
    }
}
