package org.focaldistill.sweep.race;

/** What a race knows of a cell. */
public enum CellState {
    /** The question is open. */
    OPEN,
    /** The baseline, which all others are compared with. */
    BASELINE,
    /** The leader of a race for the best: the only one left, or the best of those within the margin. */
    BEST,
    /** Surely not the best. */
    BEATEN,
    /** Surely better than the baseline. */
    BETTER,
    /** Surely not better than the baseline by more than the margin. */
    NOT_BETTER,
    /** Surely within the margin of the baseline. */
    EQUIVALENT,
    /** Surely further from the baseline than the margin. */
    DIFFERENT,
    /** A trial of it diverged. */
    DIVERGED
}
