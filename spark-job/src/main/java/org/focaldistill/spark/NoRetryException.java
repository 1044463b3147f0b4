package org.focaldistill.spark;

/** What stops a trial and would stop each further attempt at it; the message says what to change. */
final class NoRetryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoRetryException(String message) {
        super(message);
    }
}
