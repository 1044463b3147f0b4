package org.focaldistill.spark.input;

import java.io.Serializable;
import org.focaldistill.sweep.Computation;

/**
 * A teacher an executor is to load.
 *
 * @param uri the model file
 * @param model its architecture
 * @param hash what its tensors must hash to
 * @param computation what is to run it
 */
public record TeacherLocation(String uri, String model, String hash, Computation computation) implements Serializable {
    /** On CPUs. */
    public TeacherLocation(String uri, String model, String hash) {
        this(uri, model, hash, Computation.CPU_FP32);
    }

    /** The same teacher on CPUs. */
    public TeacherLocation onCpus() {
        return new TeacherLocation(uri, model, hash);
    }
}
