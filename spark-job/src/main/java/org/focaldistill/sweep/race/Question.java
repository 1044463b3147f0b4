package org.focaldistill.sweep.race;

/** What a race is to answer. */
public enum Question {
    /** There is no race: all cells are trained with all seeds. */
    NONE,
    /** Which cell is the best one. */
    BEST,
    /** Which cells are better than the baseline, and which are not. */
    BEATS_BASELINE,
    /** Which cells are as good as the baseline, within a margin, and which are not. */
    EQUIVALENT
}
