package org.focaldistill.spark.bank;

import java.io.Serializable;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.BankKey;
import org.focaldistill.sweep.Computation;

/**
 * A teacher's bank as an executor uses it.
 *
 * @param key whose logits it holds, and where
 * @param teacher what computes the missing ones
 * @param data the images
 * @param complete whether it has all that is asked for, so that nothing is made: where the teacher can not run
 */
public record Bank(BankKey key, TeacherLocation teacher, DataLocation data, boolean complete) implements Serializable {
    /** One whose missing files are made. */
    public Bank(BankKey key, TeacherLocation teacher, DataLocation data) {
        this(key, teacher, data, false);
    }

    /** For a process without cards: a CPU's logits must not get among a card's, and its own would fail for want of one. */
    public Bank withoutCards() {
        return teacher.computation().equals(Computation.CPU_FP32) ? this : new Bank(key, teacher, data, true);
    }
}
