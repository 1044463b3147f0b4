package org.focaldistill.spark.gpu;

import java.io.Serializable;
import org.focaldistill.nn.backend.KernelLibraries;
import org.focaldistill.nn.backend.NativeFolder;
import org.focaldistill.text.Causes;
import org.jspecify.annotations.Nullable;

/**
 * What networks run on in a process where they run on CPUs.
 *
 * @param library as rows name it; null where it was not loaded
 * @param whySlow why it is not the fast one; null if it is, or was not loaded
 * @param problem why native libraries can not be loaded; null if nothing is in the way
 */
record KernelLook(
        @Nullable String library,
        @Nullable String whySlow,
        @Nullable String problem) implements Serializable {

    /** As far as can be seen without loading them: a driver's process may never need them, nor one that has a GPU. */
    static KernelLook withoutLoading() {
        return new KernelLook(null, null, NativeFolder.problem());
    }

    /** Loads them. */
    static KernelLook now() {
        String folder = NativeFolder.problem();
        if (folder != null) {
            return new KernelLook(null, null, folder);
        }
        try {
            return new KernelLook(KernelLibraries.description(), KernelLibraries.whySlow(), null);
        } catch (LinkageError | RuntimeException e) {
            return new KernelLook(
                    null,
                    null,
                    "its native libraries do not load: " + Causes.sentence(e)
                            + ". They are included for 64-bit x86 Linux with glibc");
        }
    }
}
