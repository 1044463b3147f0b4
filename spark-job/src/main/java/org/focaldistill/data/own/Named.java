package org.focaldistill.data.own;

import java.util.List;

/** Lists of what may be many. */
final class Named {
    private static final int SHOWN = 10;

    private Named() {}

    /** The first ten, and how many more. */
    static String first(List<String> names) {
        return first(names, ", ");
    }

    /** The first ten, each a line. */
    static String lines(List<String> names) {
        return "\n  " + first(names, "\n  ");
    }

    private static String first(List<String> names, String between) {
        String shown = String.join(between, names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? shown : shown + between + "and " + (names.size() - SHOWN) + " more";
    }
}
