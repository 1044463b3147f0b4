package org.focaldistill.sweep;

/** Where a trial's teacher logits come from. */
public enum TeacherMode {
    /** The teacher runs on every batch. */
    ONLINE,
    /** From a bank, where training images' logits are in half precision. */
    BANK_FP16,
    /** From a bank in single precision. */
    BANK_FP32;

    public boolean isBank() {
        return this != ONLINE;
    }
}
