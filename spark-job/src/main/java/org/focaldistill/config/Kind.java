package org.focaldistill.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.text.Locations;
import org.focaldistill.text.Secrets;
import org.focaldistill.text.Words;

/**
 * What a key takes. A value that is not of the kind is refused with an {@link IllegalArgumentException} that says what
 * the kind is and what was found.
 */
@FunctionalInterface
interface Kind<T> {
    int LONGEST_FOUND = 60;

    T read(ConfigValue value);

    /** A whole number in [min, max]. */
    static Kind<Long> wholeNumber(long min, long max) {
        String allowed = max == Long.MAX_VALUE || max == Integer.MAX_VALUE
                ? "a whole number of at least " + min
                : "a whole number from " + min + " to " + max;
        return value -> {
            BigDecimal number = decimal(value, allowed);
            if (number.stripTrailingZeros().scale() > 0
                    || number.compareTo(BigDecimal.valueOf(min)) < 0
                    || number.compareTo(BigDecimal.valueOf(max)) > 0) {
                throw refused(allowed, value);
            }
            return number.longValueExact();
        };
    }

    /** A whole number of at least {@code min} that fits an int. */
    static Kind<Integer> count(int min) {
        Kind<Long> number = wholeNumber(min, Integer.MAX_VALUE);
        return value -> Math.toIntExact(number.read(value));
    }

    /** A whole number in [min, max]. */
    static Kind<Integer> count(int min, int max) {
        Kind<Long> number = wholeNumber(min, max);
        return value -> Math.toIntExact(number.read(value));
    }

    static Kind<Double> number(String allowed, DoublePredicate accepted) {
        return value -> {
            // Adding 0.0 turns -0.0 into 0.0.
            double number = decimal(value, allowed).doubleValue() + 0.0;
            if (!accepted.test(number)) {
                throw refused(allowed, value);
            }
            if (Math.abs(number) > Float.MAX_VALUE) {
                throw refused("a number that a float can hold, 3.4e38 at most", value);
            }
            return number;
        };
    }

    static Kind<Double> atLeastZero() {
        return number("a number >= 0", number -> number >= 0);
    }

    static Kind<Double> aboveZero() {
        return number("a number > 0", number -> number > 0);
    }

    static Kind<Double> labelSmoothing() {
        return number("a number in [0, 1)", part -> part >= 0 && part < 1);
    }

    /** A distillation temperature. */
    static Kind<Double> temperature() {
        return number("a number > 0 and at most 1e9", t -> t > 0 && t <= LossSettings.LARGEST_TEMPERATURE);
    }

    static Kind<String> text(String allowed, Predicate<String> accepted) {
        return value -> {
            if (value.valueType() != ConfigValueType.STRING && value.valueType() != ConfigValueType.NUMBER) {
                throw refused(allowed, value);
            }
            String text = String.valueOf(value.unwrapped());
            if (!accepted.test(text)) {
                throw refused(allowed, value);
            }
            return text;
        };
    }

    static Kind<String> text(String allowed) {
        return text(allowed, text -> !text.isBlank());
    }

    /** A path or an address. What has a password in it is refused, and not repeated: it would be in logs and results. */
    static Kind<String> location(String allowed) {
        Kind<String> text = text(allowed);
        return value -> {
            String location = text.read(value);
            if (Secrets.inAddress(location)) {
                throw new IllegalArgumentException(
                        "must not have a user's name and password in it; give keys to Hadoop,"
                                + " in core-site.xml, a credential provider or the environment");
            }
            return Locations.read(location);
        };
    }

    /** true or false, also as text, which is what an environment variable gives. */
    static Kind<Boolean> flag() {
        return value -> switch (String.valueOf(value.unwrapped())) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused("true or false", value);
        };
    }

    /** A constant of an enumeration, in lower case with hyphens. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        Map<String, E> choices = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants()).forEach(constant -> choices.put(Words.of(constant), constant));
        String allowed = choices.size() == 1
                ? String.join("", choices.keySet())
                : "one of " + String.join(", ", choices.keySet());
        return value -> {
            E choice = choices.get(String.valueOf(value.unwrapped()));
            if (choice == null) {
                throw refused(allowed, value);
            }
            return choice;
        };
    }

    static IllegalArgumentException refused(String allowed, ConfigValue value) {
        return new IllegalArgumentException("must be " + allowed + ", found " + shown(value));
    }

    /** A value as its author wrote it, cut where it is long. */
    static String shown(ConfigValue value) {
        String rendered = value.render(ConfigRenderOptions.concise().setJson(false));
        // Only the outermost object is rendered without its braces.
        String text = value.valueType() == ConfigValueType.OBJECT && !rendered.startsWith("{")
                ? "{" + rendered + "}"
                : rendered;
        return shortened(text);
    }

    /** A text, cut where it is long. */
    static String shortened(String text) {
        return text.length() <= LONGEST_FOUND ? text : text.substring(0, LONGEST_FOUND) + "...";
    }

    private static BigDecimal decimal(ConfigValue value, String allowed) {
        if (value.valueType() != ConfigValueType.NUMBER && value.valueType() != ConfigValueType.STRING) {
            throw refused(allowed, value);
        }
        try {
            return new BigDecimal(String.valueOf(value.unwrapped()).trim());
        } catch (NumberFormatException e) {
            IllegalArgumentException refused = refused(allowed, value);
            refused.initCause(e);
            throw refused;
        }
    }
}
