package org.focaldistill.sweep;

/** Where a trial's teacher logits come from. */
public enum TeacherMode {
    /** The teacher runs on every batch. */
    ONLINE
}
