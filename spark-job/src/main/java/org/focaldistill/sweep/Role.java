package org.focaldistill.sweep;

/** Why a trial is in a sweep; one trial may have several roles. */
public enum Role {
    /** A cell of the alpha x gamma grid. */
    GRID,
    /** Plain distillation or no distillation, for comparison. */
    BASELINE,
    /** A point of a line: alpha and beta fixed, gamma moving. */
    LINE,
    /** The published recipe's weights. */
    REFERENCE,
    /** A point of a search that is no grid. */
    POINT,
    /** A loss that is listed as a whole, to be compared with others. */
    VARIANT
}
