package org.focaldistill.weights;

import java.nio.ByteBuffer;

/** Where a file's storages are. */
interface StorageBytes {
    /**
     * A storage's bytes, as many as it is said to hold, little-endian, from position 0.
     *
     * @throws InvalidModelException if the file does not hold them
     */
    ByteBuffer of(Storage storage) throws InvalidModelException;
}
