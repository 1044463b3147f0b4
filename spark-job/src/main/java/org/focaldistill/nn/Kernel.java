package org.focaldistill.nn;

/**
 * Native code for one operation on arrays of one shape. It keeps what its backward pass needs, belongs to one layer of one
 * network, and must not be used by two threads at once.
 */
public interface Kernel extends AutoCloseable {
    /** Frees what it holds. */
    @Override
    void close();
}
