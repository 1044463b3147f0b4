package org.focaldistill.sweep;

/** What a run does about executors that could train much faster. */
public enum SlowKernels {
    /** Says which and why, and runs nothing there; where all are so, does not begin. */
    REFUSE,
    /** Uses them, and says so at its begin and at its end. */
    WARN
}
