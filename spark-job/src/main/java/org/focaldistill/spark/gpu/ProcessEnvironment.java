package org.focaldistill.spark.gpu;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.jspecify.annotations.Nullable;

/**
 * The environment as native libraries of this process read it. Java's own view is a copy from before the program
 * started, which child processes inherit, and does not change.
 */
public final class ProcessEnvironment {
    private ProcessEnvironment() {}

    private interface CLibrary extends Library {
        int setenv(String name, String value, int overwrite);

        @Nullable String getenv(String name);
    }

    /** Loads when first needed. */
    private static final class C {
        private static final CLibrary LIBRARY = Native.load("c", CLibrary.class);
    }

    /** @throws IllegalStateException if the variable can not be set */
    static void set(String name, String value) {
        if (C.LIBRARY.setenv(name, value, 1) != 0) {
            throw new IllegalStateException("Cannot set the environment variable " + name + " to " + value);
        }
    }

    /** A variable; null if it is not set. */
    public static @Nullable String get(String name) {
        return C.LIBRARY.getenv(name);
    }
}
