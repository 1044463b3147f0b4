package org.focaldistill.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pickle holds beside strings, numbers and booleans, which are {@link String}, {@link Long} or
 * {@link java.math.BigInteger}, {@link Double} and {@link Boolean}. Like Python's own, these are compared by identity, so
 * that one which contains itself does no harm.
 */
sealed interface PickleValue {

    /** A class or function, known by its name and nothing else. */
    record Global(String module, String name) implements PickleValue {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /** Something of which only the kind is known. */
    final class Opaque implements PickleValue {
        static final Opaque NONE = new Opaque("None");
        private final String kind;

        Opaque(String kind) {
            this.kind = kind;
        }

        String kind() {
            return kind;
        }
    }

    /** A list or a tuple or a set. */
    final class Sequence implements PickleValue {
        private final List<Object> items;

        Sequence(List<Object> items) {
            this.items = items;
        }

        List<Object> items() {
            return items;
        }
    }

    /** A dictionary in its order; keys other than strings and numbers are compared by identity. */
    final class Dict implements PickleValue {
        private final Map<Object, Object> items = new LinkedHashMap<>();

        Map<Object, Object> items() {
            return items;
        }
    }

    /**
     * A run of elements somewhere else in the file.
     *
     * @param offset where in it the part begins that is meant, in elements
     */
    record Elements(Storage storage, boolean untyped, long offset) implements PickleValue {}

    /** A tensor. */
    record Array(StoredTensor tensor) implements PickleValue {}
}
