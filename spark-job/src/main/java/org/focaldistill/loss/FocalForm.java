package org.focaldistill.loss;

/**
 * How the focal term is computed from the true class's probability {@code p_y}.
 *
 * <p>{@link #FIXED}, {@link #FLSD53} and {@link #DUAL} are focal losses and can not be negative. {@link #ENTROPY_BOUND} and {@link
 * #LOST_MINUS} are not: they are two mistakes that do go negative, offered to be studied.
 */
public enum FocalForm {
    /** {@code -(1-p_y)^e log p_y} with the fixed exponent {@code e} (Lin et al. 2017, eq. 4). */
    FIXED(false),
    /** {@code FIXED} with exponent 5 where {@code p_y < 0.2}, else 3 (Mukhoti et al. 2020, FLSD-53). */
    FLSD53(false),
    /**
     * {@code -(1 - p_y + p_j)^e log p_y} with the largest probability {@code p_j} that is below {@code p_y}, 0 if there is none (Tao
     * et al. 2023, equation 6).
     */
    DUAL(false),
    /** {@code CE - e H(p)}: the lower bound of Mukhoti et al. 2020, section 3, used as if it were the loss. */
    ENTROPY_BOUND(true),
    /** {@code +(1-p_y)^e log p_y}: the focal loss without its minus sign. */
    LOST_MINUS(true);

    private final boolean canBeNegative;

    FocalForm(boolean canBeNegative) {
        this.canBeNegative = canBeNegative;
    }

    /** Whether this form may take values below zero, which a correct focal loss never does. */
    public boolean canBeNegative() {
        return canBeNegative;
    }
}
