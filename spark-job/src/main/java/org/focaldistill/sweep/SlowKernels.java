package org.focaldistill.sweep;

/** What a run does about executors that could train much faster. */
public enum SlowKernels {
    /** Says which and why, and does not begin. */
    REFUSE,
    /** Says so at its begin and at its end. */
    WARN
}
