package org.focaldistill.cli;

import org.focaldistill.spark.Console;

/** The terminal the program was started from, if it was. */
final class Terminal {
    private Terminal() {}

    /** Java has a console only where both input and output are one. */
    static Console console() {
        return new Console(System.out, System.console() != null);
    }
}
