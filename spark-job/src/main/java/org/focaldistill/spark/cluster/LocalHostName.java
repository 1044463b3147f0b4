package org.focaldistill.spark.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.spark.util.Utils;
import org.focaldistill.text.MachineName;
import org.jspecify.annotations.Nullable;

/** Spark takes this machine's address from its name, which on laptops and in containers may be nowhere to be found. */
final class LocalHostName {
    private LocalHostName() {}

    /**
     * Has Spark call this machine by its loopback address where nobody else talks to it. Comes before Spark's first class, whose
     * defaults have the address in them.
     *
     * @throws IOException if executors on other machines could not find the driver, or SPARK_LOCAL_IP or SPARK_LOCAL_HOSTNAME is no address
     */
    static void completeBeforeSpark() throws IOException {
        requireAddress("SPARK_LOCAL_IP", System.getenv("SPARK_LOCAL_IP"));
        requireAddress("SPARK_LOCAL_HOSTNAME", System.getenv("SPARK_LOCAL_HOSTNAME"));
        if (System.getenv("SPARK_LOCAL_IP") != null || System.getenv("SPARK_LOCAL_HOSTNAME") != null || isKnown()) {
            return;
        }
        String master = System.getProperty("spark.master", "local[*]");
        if (!master.startsWith("local")) {
            throw new IOException("No address is known for this machine's name, " + MachineName.get()
                    + ", where executors of " + master + " are to find the driver: set SPARK_LOCAL_IP to an address of"
                    + " this machine that the workers reach, or enter the name in /etc/hosts");
        }
        Utils.setCustomHostname("127.0.0.1");
    }

    /** Spark's first class fails to load where it can not be found. */
    static void requireAddress(String variable, @Nullable String value) throws IOException {
        try {
            InetAddress unused = value == null ? null : InetAddress.getByName(value);
        } catch (UnknownHostException e) {
            throw new IOException(variable + "=" + value + " is no address, nor a name that one is known for: set it"
                    + " to an address of this machine, or unset it");
        }
    }

    private static boolean isKnown() {
        try {
            InetAddress unused = InetAddress.getLocalHost();
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
