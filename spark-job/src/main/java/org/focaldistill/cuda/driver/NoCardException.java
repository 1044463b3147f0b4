package org.focaldistill.cuda.driver;

/** There is no card that can be used here; the message says why, and what to do. */
public final class NoCardException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean driver;

    NoCardException(String message) {
        this(message, true);
    }

    private NoCardException(String message, boolean driver) {
        super(message);
        this.driver = driver;
    }

    static NoCardException noDriver(String message) {
        return new NoCardException(message, false);
    }

    /** Whether there is a driver, so that somebody may expect a card to be used. */
    public boolean hasDriver() {
        return driver;
    }
}
