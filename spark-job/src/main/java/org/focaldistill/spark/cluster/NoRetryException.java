package org.focaldistill.spark.cluster;

/** What stops a trial and would stop each further attempt at it; the message says what to change. */
public final class NoRetryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what is wrong, and what to change */
    public NoRetryException(String message) {
        super(message);
    }
}
