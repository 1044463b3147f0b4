package org.focaldistill.cli;

/** What the process says to the one who started it. */
final class ExitCode {
    /** Everything planned has a final outcome; a diverged trial has one. */
    static final int OK = 0;

    /** Some trials failed. */
    static final int TRIALS_FAILED = 1;

    /** The user can mend it: options, configuration, files. */
    static final int BAD_INPUT = 2;

    /** We have to mend it. */
    static final int INTERNAL_ERROR = 3;

    /** What was in the way goes by itself: the same command may succeed later. EX_TEMPFAIL of BSD's sysexits.h. */
    static final int TRY_AGAIN = 75;

    /** Stopped by a signal, after saving; 128 and the number of SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
