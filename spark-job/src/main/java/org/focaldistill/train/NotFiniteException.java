package org.focaldistill.train;

/** A loss component or the gradient stopped being a finite number. */
final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String what;

    NotFiniteException(String what) {
        super(what + " is not finite");
        this.what = what;
    }

    /** {@code KL}, {@code CE}, {@code focal} or {@code gradient}. */
    String what() {
        return what;
    }
}
