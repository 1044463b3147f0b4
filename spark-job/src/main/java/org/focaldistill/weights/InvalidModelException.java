package org.focaldistill.weights;

import java.io.IOException;

/** A model file that can not be used; the message says what is wrong where. */
public final class InvalidModelException extends IOException {
    private static final long serialVersionUID = 1;

    public InvalidModelException(String message) {
        super(message);
    }
}
