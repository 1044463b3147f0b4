package org.focaldistill.sweep.race;

/** What a race knows of a cell. */
public enum CellState {
    /** The question is open. */
    OPEN,
    /** The baseline, which all others are compared with. */
    BASELINE,
    /** The leader of a race for the best that is over. */
    BEST,
    /** Surely not the best. */
    BEATEN,
    /** Surely better than the baseline. */
    BETTER,
    /** Surely not better than the baseline by more than the margin. */
    NOT_BETTER,
    /** In a race for the best that is over: may be the best as well, but is no better than the leader by more than the margin. */
    CONTENDER,
    /** Surely within the margin of the baseline. */
    EQUIVALENT,
    /** Surely further from the baseline than the margin. */
    DIFFERENT,
    /** A trial of it has no value: it diverged, or was stopped early by a sweep with sweep.stop. */
    DIVERGED
}
