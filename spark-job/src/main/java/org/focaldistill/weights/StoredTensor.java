package org.focaldistill.weights;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor as a file describes it, its elements not yet read. Tensors that are equal have the same elements.
 *
 * @param type of its elements, with the size of the storage's
 * @param offset the first element's place in the storage
 * @param shape its shape; empty for a scalar
 * @param strides for each dimension, how far its neighbours lie apart in the storage
 */
record StoredTensor(Storage storage, ElementType type, long offset, List<Long> shape, List<Long> strides) {
    StoredTensor {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
    }

    long[] extents() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** How many elements it has, or a number above the limit if there are more. */
    long elements(int limit) {
        long count = 1;
        for (long extent : shape) {
            count = Math.min(count, limit + 1L) * extent;
        }
        return count;
    }

    /**
     * Checks that all elements lie in the storage.
     *
     * @param name the tensor's, for messages
     */
    void requireInside(String name, Refusal refusal) throws InvalidModelException {
        String tensor = "tensor " + Refusal.shown(name);
        if (shape.size() != strides.size()) {
            throw refusal.because(tensor + " has " + shape.size() + " sizes, but " + strides.size() + " strides");
        }
        requireSmall(tensor + " has the offset ", offset, refusal);
        long last = offset;
        boolean empty = false;
        for (int d = 0; d < shape.size(); d++) {
            requireSmall(tensor + " has the size ", shape.get(d), refusal);
            requireSmall(tensor + " has the stride ", strides.get(d), refusal);
            empty |= shape.get(d) == 0;
            // Both factors have 31 bits: nothing overflows.
            last = Math.min(Integer.MAX_VALUE, last + Math.max(0, shape.get(d) - 1) * strides.get(d));
        }
        if (!empty && last >= storage.elements()) {
            throw refusal.because(tensor + " of shape " + shape + " with strides " + strides + " from element " + offset
                    + " on reaches beyond its storage " + Refusal.shown(storage.key()) + " of " + storage.elements()
                    + " elements");
        }
    }

    private static void requireSmall(String what, long number, Refusal refusal) throws InvalidModelException {
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw refusal.because(what + number + ", where a number from 0 to " + Integer.MAX_VALUE + " belongs");
        }
    }

    /**
     * Its elements rounded to float, row-major. {@link #requireInside} has been called, the type is floating point and the
     * elements fit an array.
     *
     * @param data the storage's bytes
     * @throws InvalidModelException if an element is not finite, too large for a float or a variance below zero
     */
    Tensor read(ByteBuffer data, String name, Refusal refusal) throws InvalidModelException {
        long[] extents = extents();
        int length = (int) elements(Integer.MAX_VALUE);
        float[] values = new float[length];
        int[] index = new int[extents.length];
        long place = offset;
        for (int i = 0; i < length; i++) {
            double value = type.read(data, Math.toIntExact(place * type.bytes()));
            values[i] = (float) value;
            if (!Float.isFinite(values[i])) {
                throw refusal.ofElement(i, name, value + (Double.isFinite(value) ? ", too large for 32 bits" : ""));
            }
            place = next(index, place);
        }
        Variances.require(name, values, refusal);
        return new Tensor(extents, values);
    }

    /** Moves the index to the next element, row-major, and gives that one's place. */
    private long next(int[] index, long place) {
        long moved = place;
        for (int d = index.length - 1; d >= 0; d--) {
            moved += strides.get(d);
            if (++index[d] < shape.get(d)) {
                return moved;
            }
            moved -= strides.get(d) * shape.get(d);
            index[d] = 0;
        }
        return moved;
    }
}
