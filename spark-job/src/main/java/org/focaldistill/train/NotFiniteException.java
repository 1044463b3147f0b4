package org.focaldistill.train;

/** Something of a training stopped being a finite number. */
public final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String what;

    /** @param what see {@link #what} */
    public NotFiniteException(String what) {
        super(what + " is not finite");
        this.what = what;
    }

    /** {@code KL}, {@code CE}, {@code focal}, {@code gradient}, {@code weights} or {@code evaluation logits}. */
    public String what() {
        return what;
    }
}
