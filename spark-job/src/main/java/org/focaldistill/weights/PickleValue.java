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

    /**
     * Something that is not built.
     *
     * <p>Its kind is the name of its class; of what a call would give, that of the function.
     */
    final class Opaque implements PickleValue {
        private enum Origin {
            OBJECT,
            TENSOR,
            CALL
        }

        static final Opaque NONE = instance("None");
        private final String kind;
        private final Origin origin;

        private Opaque(String kind, Origin origin) {
            this.kind = kind;
            this.origin = origin;
        }

        /** An object of a class. */
        static Opaque instance(String type) {
            return new Opaque(type, Origin.OBJECT);
        }

        /** A tensor or array of a kind that is not read. */
        static Opaque tensor(String kind) {
            return new Opaque(kind, Origin.TENSOR);
        }

        /** What a function would give, which is not called. */
        static Opaque ofCall(String function) {
            return new Opaque(function, Origin.CALL);
        }

        String kind() {
            return kind;
        }

        boolean isTensor() {
            return origin == Origin.TENSOR;
        }

        boolean isOfCall() {
            return origin == Origin.CALL;
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

    /** A dictionary in its order; only strings, numbers and booleans are keys that something is found by. */
    final class Dict implements PickleValue {
        private final Map<Object, Object> items = new LinkedHashMap<>();

        /** Of other keys nothing is kept, so that no file can have many that are told apart slowly. */
        void put(Object key, Object value) {
            boolean found = key instanceof String || key instanceof Number || key instanceof Boolean;
            items.put(found ? key : new Object(), value);
        }

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
