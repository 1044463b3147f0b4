package org.focaldistill.nn;

import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where arrays of floats begin in memory: with the processor's cache lines, as wide as its vectors. ND4J's begin 16 bytes
 * behind one, so that every vector of a dense array lies in two lines.
 */
public final class Alignment {
    /** A cache line. */
    public static final long BYTES = 64;

    private Alignment() {}

    /** Where a float array's first element is; ND4J's {@code address()} is the start of the array a view looks into. */
    public static long addressOf(INDArray array) {
        return addressOf(array.data());
    }

    private static long addressOf(DataBuffer floats) {
        return floats.address() + floats.offset() * Float.BYTES;
    }

    /** The first aligned address from this one on. */
    public static long next(long address) {
        return (address + BYTES - 1) / BYTES * BYTES;
    }

    /** How long a vector must be for an aligned array of so many elements to fit in. */
    public static long lengthFor(long elements) {
        return elements + BYTES / Float.BYTES;
    }

    /** The array that begins with the first cache line in a vector of {@link #lengthFor} elements. */
    public static INDArray within(INDArray vector, long[] shape, long[] strides) {
        return within(vector.data(), shape, strides);
    }

    /** The array that begins with the first cache line in a buffer of {@link #lengthFor} elements. */
    public static INDArray within(DataBuffer memory, long[] shape, long[] strides) {
        long first = addressOf(memory);
        long skipped = (next(first) - first) / Float.BYTES;
        // A buffer of just this array, so that code which takes all of its buffer gets nothing else.
        DataBuffer own = Nd4j.createBuffer(memory, memory.offset() + skipped, shape[0] * strides[0]);
        return Nd4j.create(own, shape, strides, 0, 'c');
    }
}
