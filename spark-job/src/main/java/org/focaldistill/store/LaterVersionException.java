package org.focaldistill.store;

/** What a later version of the program wrote, in a form that this one does not know. */
final class LaterVersionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param what has the version, e.g. {@code it has schema_version} */
    LaterVersionException(String what, int found, int known) {
        super(what + " " + found + ", but this program knows only 1 to " + known
                + "; use the version of the program that wrote it, or a later one");
    }
}
