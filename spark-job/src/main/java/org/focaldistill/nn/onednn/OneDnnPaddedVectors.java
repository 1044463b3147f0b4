package org.focaldistill.nn.onednn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of parameters, one after the other, as a primitive takes them that sees whole rows of an activation, or of one
 * of its planes: the caller's memory, or where rows hold more than the channels or the plane not all of them, a copy with
 * zeros behind each vector.
 */
final class OneDnnPaddedVectors implements AutoCloseable {
    private final OneDnnArgument argument;
    private final int vectors;
    private final long bytes;
    private final long bytesApart;
    private final long paddedBytes;
    private final @Nullable FloatPointer copy;

    /**
     * @param description as the primitive has it
     * @param vectors how many
     * @param length of the caller's, or of the part of each that the primitive takes
     * @param apart elements from the first of one of the caller's to the first of the next
     * @param paddedLength of the primitive's
     */
    OneDnnPaddedVectors(engine cpu, memory.desc description, int vectors, long length, long apart, long paddedLength) {
        this.vectors = vectors;
        bytes = length * Float.BYTES;
        bytesApart = apart * Float.BYTES;
        paddedBytes = paddedLength * Float.BYTES;
        argument = OneDnnArgument.pointing(cpu, description);
        if (length == paddedLength && (vectors == 1 || length == apart)) {
            copy = null;
        } else {
            copy = new FloatPointer(vectors * paddedLength);
            copy.zero();
            argument.at(copy.address());
        }
    }

    OneDnnArgument argument() {
        return argument;
    }

    /** Before a call that reads the vectors at an address. */
    void read(long address) {
        if (copy == null) {
            argument.at(address);
            return;
        }
        for (int vector = 0; vector < vectors; vector++) {
            move(address + vector * bytesApart, copy.address() + vector * paddedBytes);
        }
    }

    /** Before a call that writes them; afterwards comes {@link #written}. */
    void write(long address) {
        if (copy == null) {
            argument.at(address);
        }
    }

    void written(long address) {
        if (copy != null) {
            for (int vector = 0; vector < vectors; vector++) {
                move(copy.address() + vector * paddedBytes, address + vector * bytesApart);
            }
        }
    }

    private void move(long from, long to) {
        Pointer.memcpy(new OneDnnArgument.Address(to), new OneDnnArgument.Address(from), bytes);
    }

    @Override
    public void close() {
        argument.close();
        if (copy != null) {
            copy.close();
        }
    }
}
