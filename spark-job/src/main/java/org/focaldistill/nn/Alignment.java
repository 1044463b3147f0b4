package org.focaldistill.nn;

import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where arrays of floats begin in memory: with the processor's cache lines, as wide as its vectors. ND4J's begin 16 bytes
 * behind one, so that every vector of a dense array lies in two lines.
 */
final class Alignment {
    /** A cache line. */
    static final long BYTES = 64;

    private Alignment() {}

    /** The first aligned address from this one on. */
    static long next(long address) {
        return (address + BYTES - 1) / BYTES * BYTES;
    }

    /** How long a vector must be for an aligned array of so many elements to fit in. */
    static long lengthFor(long elements) {
        return elements + BYTES / Float.BYTES;
    }

    /** The array that begins with the first cache line in a vector of {@link #lengthFor} elements. */
    static INDArray within(INDArray vector, long[] shape, long[] strides) {
        return within(vector.data(), shape, strides);
    }

    /** The array that begins with the first cache line in a buffer of {@link #lengthFor} elements. */
    static INDArray within(DataBuffer memory, long[] shape, long[] strides) {
        long first = OneDnnArgument.addressOf(memory);
        long skipped = (next(first) - first) / Float.BYTES;
        // A buffer of just this array, so that code which takes all of its buffer gets nothing else.
        DataBuffer own = Nd4j.createBuffer(memory, memory.offset() + skipped, shape[0] * strides[0]);
        return Nd4j.create(own, shape, strides, 0, 'c');
    }
}
