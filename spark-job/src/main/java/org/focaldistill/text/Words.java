package org.focaldistill.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How constants are written in tables and reports, as in configurations: in lower case, with hyphens. */
public final class Words {
    private Words() {}

    /** For example {@code entropy-bound}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The constant of a word.
     *
     * @throws IllegalArgumentException if the type has none of that word; the message lists those it has
     */
    public static <E extends Enum<E>> E constant(Class<E> type, String word) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        return constants.stream()
                .filter(constant -> of(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is none of "
                        + constants.stream().map(Words::of).toList()));
    }
}
