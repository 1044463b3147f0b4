package org.focaldistill.text;

import java.io.EOFException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How constants, numbers of things and reasons are put into words. */
public final class Words {
    private Words() {}

    /** A constant as in configurations, in lower case with hyphens: {@code entropy-bound}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * So many things: {@code 1 trial}, {@code 12 trials}.
     *
     * @param noun whose plural ends in s
     */
    public static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** An exception's message; of one without, what its class says. */
    public static String reason(Throwable error) {
        String message = error.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        return error instanceof EOFException
                ? "it ends too early"
                : "there is no more to say than " + error.getClass().getSimpleName();
    }

    /** The first line of {@link #reason}: others mostly have circumstances. */
    public static String firstLine(Throwable error) {
        return reason(error).lines().findFirst().orElse("");
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
