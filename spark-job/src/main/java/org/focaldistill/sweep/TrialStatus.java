package org.focaldistill.sweep;

/** How a trial ended; every value is final. */
public enum TrialStatus {
    OK,
    /** The loss or a gradient stopped being finite; {@code status_detail} says at which step and where. */
    DIVERGED,
    STOPPED_EARLY
}
