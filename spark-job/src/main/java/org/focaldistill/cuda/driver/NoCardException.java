package org.focaldistill.cuda.driver;

/** There is no card that can be used here; the message says why, and what to do. */
public final class NoCardException extends Exception {
    private static final long serialVersionUID = 1;

    NoCardException(String message) {
        super(message);
    }
}
