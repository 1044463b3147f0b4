package org.focaldistill.sweep;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lists that name each of their elements once. */
final class Distinct {
    private Distinct() {}

    static <T> List<T> list(String name, List<T> values) {
        Set<T> seen = new HashSet<>();
        for (T value : values) {
            if (!seen.add(value)) {
                throw new IllegalArgumentException(name + " must have each value once, found " + value + " twice");
            }
        }
        return List.copyOf(values);
    }

    static <T> List<T> nonEmpty(String name, List<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + " must have at least one value, found none");
        }
        return list(name, values);
    }
}
