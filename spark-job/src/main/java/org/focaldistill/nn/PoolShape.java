package org.focaldistill.nn;

/**
 * A pooling of a fixed size.
 *
 * @param input the input activation
 * @param window what slides over it
 */
record PoolShape(ActivationShape input, Window window) {
    ActivationShape output() {
        return new ActivationShape(
                input.batch(),
                window.positions(input.height()),
                window.positions(input.width()),
                input.channels(),
                input.rowLength(),
                input.planes(),
                false);
    }
}
