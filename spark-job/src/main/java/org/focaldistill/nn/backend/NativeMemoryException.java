package org.focaldistill.nn.backend;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** This process has not the memory outside its Java heap that a training asks for; the message says what to do. */
public final class NativeMemoryException extends RuntimeException {
    /** What to change. */
    public static final String REMEDY =
            "Take fewer trials at a time (run.slots), a smaller recipe.batchSize, or more memory:"
                    + " FOCALDISTILL_NATIVE_MEMORY=SIZE in local mode, spark.executor.memoryOverhead on YARN and Kubernetes";

    private static final long serialVersionUID = 1;

    /** The words of JavaCPP for its limits, of the C++ library, and of ND4J for its arrays and its workspaces. */
    private static final List<String> WORDS = List.of(
            "Failed to allocate memory within limits",
            "Physical memory usage is too high",
            "Native allocator returned address == 0",
            "Cannot allocate new ",
            "bad_alloc",
            "Allocation failed: [",
            "Failed to allocate [");

    NativeMemoryException(String message) {
        super(message);
    }

    /**
     * What a failed native allocation is for people.
     *
     * @return null if it is none, in itself or its causes: the Java heap may be full, say. The error is no cause of the
     *     exception, as Spark ends processes for an OutOfMemoryError among the causes of a task's failure
     */
    public static @Nullable NativeMemoryException of(Throwable error) {
        String said = null;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            said = WORDS.stream().anyMatch(message::contains) ? message : said;
        }
        if (said == null) {
            return null;
        }
        NativeMemoryException found = new NativeMemoryException(String.format(
                Locale.ROOT,
                "A native allocation failed: %s. This process may take %d MiB outside its Java heap, trained %d students"
                        + " then, and the machine has %d MiB. %s",
                said.lines().findFirst().orElse(""),
                NativeLimit.bytes() >> 20,
                NativeRoom.OF_THIS_PROCESS.students(),
                NativeLimit.machine() >> 20,
                REMEDY));
        found.addSuppressed(error);
        return found;
    }
}
