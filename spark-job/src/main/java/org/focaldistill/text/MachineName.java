package org.focaldistill.text;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine is called, for rows and messages. */
public final class MachineName {
    private static final Path OF_THE_KERNEL = Path.of("/proc/sys/kernel/hostname");

    private MachineName() {}

    /** Its name on the network or, where that has none for it (a laptop, a container), its own. */
    public static String get() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return ofTheKernel();
        }
    }

    static String ofTheKernel() {
        try {
            return Files.readString(OF_THE_KERNEL).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
