package org.focaldistill.sweep.race;

/** Why a race is over. */
public enum RaceEnd {
    /** The question is answered. */
    ANSWERED,
    /** The seeds are spent, and the question is still open for some cells. */
    NO_SEEDS,
    /** The next round would cost more than was allowed. */
    NO_BUDGET,
    /** The baseline diverged, or all cells did. */
    NO_BASELINE
}
