package org.focaldistill.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * Who this process is. A container that is run with a user id of its own has no name for it, and Java then says {@code ?}
 * for the user and the home, and Hadoop does not work at all.
 */
public final class ProcessUser {
    private static final String UNKNOWN = "?";

    private ProcessUser() {}

    /** Gives this process a user and a home where the machine knows none. Comes before Hadoop asks who it is. */
    public static void ensureKnown() {
        if (!UNKNOWN.equals(System.getProperty("user.name", UNKNOWN))) {
            return;
        }
        String name = name(System.getenv());
        System.setProperty("user.name", name);
        if (UNKNOWN.equals(System.getProperty("user.home", UNKNOWN))) {
            System.setProperty("user.home", home(System.getenv()));
        }
        UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
    }

    /** As the variables of Hadoop and Spark have it, else by the number. */
    static String name(Map<String, String> environment) {
        String hadoop = environment.getOrDefault("HADOOP_USER_NAME", "");
        String named = hadoop.isBlank() ? environment.getOrDefault("SPARK_USER", "") : hadoop;
        return named.isBlank() ? "uid-" + number() : named;
    }

    static String home(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return !home.isBlank() && Files.isDirectory(Path.of(home))
                ? home
                : System.getProperty("java.io.tmpdir", "/tmp");
    }

    private static String number() {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "unknown";
        }
    }
}
