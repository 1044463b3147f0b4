package org.focaldistill.weights;

/**
 * How to say that a file can not be read.
 *
 * @param file what to call the file in messages
 */
record Refusal(String file) {
    private static final int LONGEST_NAME = 120;

    InvalidModelException because(String what) {
        return new InvalidModelException("Cannot read the model " + file + ": " + what);
    }

    /** A name from inside a file, fit for one line of a message. */
    static String shown(String name) {
        String line = name.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_NAME ? line : line.substring(0, LONGEST_NAME) + "…";
    }
}
