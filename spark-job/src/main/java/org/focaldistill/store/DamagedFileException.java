package org.focaldistill.store;

import java.io.IOException;
import org.focaldistill.text.Words;

/** A file holds something else than its name promises; the message says what is wrong with it. */
final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedFileException(String message) {
        super(message);
    }

    DamagedFileException(Exception cause) {
        super(Words.firstLine(cause), cause);
    }
}
