package org.focaldistill.data;

import java.io.IOException;

/** Images, labels or their container are not what they should be; the message says what, where and what to do. */
public final class InvalidDataException extends IOException {
    private static final long serialVersionUID = 1L;

    public InvalidDataException(String message) {
        super(message);
    }

    public InvalidDataException(String message, Throwable cause) {
        super(message, cause);
    }

    /** An exception's message; of one without, its class. */
    static String reason(Exception error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }
}
