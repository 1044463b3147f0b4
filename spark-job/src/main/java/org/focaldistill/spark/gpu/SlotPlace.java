package org.focaldistill.spark.gpu;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.focaldistill.nn.Engines;

/**
 * Where a task runs.
 *
 * @param host the machine's name
 * @param device {@code gpu N} if its process is bound to one, else {@code cpu}; {@code k slots} where several train together
 * @param backend ND4J's backend and what the layers run on
 */
public record SlotPlace(String host, String device, String backend) {

    /** The calling task. */
    public static SlotPlace here() {
        return new SlotPlace(hostName(), GpuBinding.device(), backendName());
    }

    /** The driver, for what it does with several slots. */
    public static SlotPlace ofDriver(int slots) {
        return new SlotPlace(hostName(), slots + " slots", backendName());
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String backendName() {
        return Engines.backend() + ", " + Engines.description();
    }
}
