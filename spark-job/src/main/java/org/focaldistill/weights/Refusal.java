package org.focaldistill.weights;

/**
 * How to say that a file can not be read.
 *
 * @param kind what it should have been
 * @param file what to call the file in messages
 */
record Refusal(String kind, String file) {
    private static final int LONGEST_NAME = 120;

    /** Of a model. */
    Refusal(String file) {
        this("model", file);
    }

    InvalidModelException because(String what) {
        return new InvalidModelException("Cannot read the " + kind + " " + file + ": " + what);
    }

    /** That an element of a tensor is what none can be in a sound model. */
    InvalidModelException ofElement(int index, String tensor, String what) {
        return because("element " + index + " of tensor " + shown(tensor) + " is " + what
                + ": its training went wrong or the file is damaged; take another checkpoint");
    }

    /** A name from inside a file, fit for one line of a message. */
    static String shown(String name) {
        String line = name.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_NAME ? line : line.substring(0, LONGEST_NAME) + "…";
    }
}
