package org.focaldistill.weights;

/**
 * A run of elements in a file, of which tensors are views.
 *
 * @param key how the file calls it
 * @param elements how many it is said to hold, not negative; {@link #byteCount} does not overflow
 */
record Storage(String key, ElementType type, long elements) {
    long byteCount() {
        return elements * type.bytes();
    }
}
