package org.focaldistill.spark.cluster;

/** A task failed, or its executor under it; the cause is what Spark says, and has the task's own exception as cause. */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String host;
    private final String device;

    TaskFailedException(String executor, String host, String device, Throwable cause) {
        super("A task of executor " + executor + " on " + host + " failed", cause);
        this.host = host;
        this.device = device;
    }

    /** The machine where it ran. */
    public String host() {
        return host;
    }

    /** What its executor was given: {@code gpu N} or {@code cpu}. */
    public String device() {
        return device;
    }
}
