package org.focaldistill.nn.backend;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much memory this process may take outside its Java heap: JavaCPP's setting {@code org.bytedeco.javacpp.maxbytes}, which
 * counts only what it allocates itself and is taken here for all there is. Loads nothing.
 */
public final class NativeLimit {
    private static final String STATED = "org.bytedeco.javacpp.maxbytes";
    private static final String PHYSICAL = "org.bytedeco.javacpp.maxphysicalbytes";
    private static final long MEBIBYTE = 1 << 20;
    /** For the operating system and others, where nobody has stated a limit. */
    private static final long LEFT_TO_OTHERS = 512 * MEBIBYTE;

    private NativeLimit() {}

    /** Bytes. */
    public static long bytes() {
        Long stated = stated();
        return stated != null ? stated : Math.max(LEFT_TO_OTHERS, machine() - heap() - LEFT_TO_OTHERS);
    }

    /** What JavaCPP is told; null if nothing that limits. */
    private static @Nullable Long stated() {
        String setting = System.getProperty(STATED, "").trim().toLowerCase(Locale.ROOT);
        if (!setting.matches("[0-9]{1,15} *[kmgt]?b?")) {
            return null;
        }
        long number = Long.parseLong(setting.replaceAll("[^0-9]", ""));
        String unit = setting.replaceAll("[0-9 b]", "");
        long bytes = unit.isEmpty() ? number : number << 10 * (1 + "kmgt".indexOf(unit));
        return bytes > 0 ? bytes : null;
    }

    /**
     * Tells JavaCPP, which else takes the heap's size for a limit; comes before anything loads it. What it was told already
     * stays.
     *
     * @param bytes the limit; null if it is what the machine has
     */
    public static void set(@Nullable Long bytes) {
        if (System.getProperty(STATED) == null) {
            System.setProperty(STATED, Long.toString(bytes == null ? bytes() : bytes));
        }
        if (System.getProperty(PHYSICAL) == null) {
            // The heap would count, and files that are mapped.
            System.setProperty(PHYSICAL, "0");
        }
    }

    /** Bytes of the Java heap at most. */
    public static long heap() {
        return Runtime.getRuntime().maxMemory();
    }

    /** Bytes of the machine, or of the container that this process is in. */
    public static long machine() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
