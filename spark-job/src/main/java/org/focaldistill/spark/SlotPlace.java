package org.focaldistill.spark;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.focaldistill.nn.Engines;

/**
 * Where a task runs.
 *
 * @param host the machine's name
 * @param device {@code gpu N} as Spark assigned it, else {@code cpu}; {@code k slots} where several train together
 * @param backend ND4J's backend and what the layers run on
 */
record SlotPlace(String host, String device, String backend) {

    static SlotPlace here() {
        return new SlotPlace(hostName(), assignedDevice(), backendName());
    }

    /** The driver, for what it does with several slots. */
    static SlotPlace ofDriver(int slots) {
        return new SlotPlace(hostName(), slots + " slots", backendName());
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String assignedDevice() {
        TaskContext task = TaskContext.get();
        ResourceInformation gpu = task == null ? null : task.resourcesJMap().get("gpu");
        return gpu == null ? "cpu" : "gpu " + Arrays.toString(gpu.addresses());
    }

    private static String backendName() {
        return Engines.backend() + ", " + Engines.description();
    }
}
