package org.focaldistill.store;

import java.io.IOException;

/** Something is in the way that goes by itself, or by another's doing: the same command may succeed later. */
public class TryAgainException extends IOException {
    private static final long serialVersionUID = 1;

    public TryAgainException(String message) {
        super(message);
    }

    /** Whether a failure is one, or comes of one; of that of a task nothing but the text arrives. */
    public static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.toString().contains(TryAgainException.class.getName())) {
                return true;
            }
        }
        return false;
    }
}
