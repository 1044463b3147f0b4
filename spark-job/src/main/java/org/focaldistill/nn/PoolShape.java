package org.focaldistill.nn;

import org.focaldistill.net.Window;

/**
 * A pooling of a fixed size.
 *
 * @param input the input activation
 * @param window what slides over it
 */
public record PoolShape(ActivationShape input, Window window) {
    public ActivationShape output() {
        return new ActivationShape(
                input.batch(),
                window.positions(input.height()),
                window.positions(input.width()),
                input.channels(),
                input.rowLength(),
                input.planes());
    }
}
