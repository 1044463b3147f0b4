package org.focaldistill.spark.cluster;

import org.focaldistill.text.Causes;
import org.jspecify.annotations.Nullable;

/** A task failed, or its executor under it; the cause is what Spark says, and has the task's own exception as cause. */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String host;
    private final String device;

    TaskFailedException(String executor, String host, String device, Throwable cause) {
        super("A task of executor " + executor + " on " + host + " failed: " + Causes.sentence(cause), cause);
        this.host = host;
        this.device = device;
    }

    /** The first one among the causes of a failure; null if it is no task's. */
    public static @Nullable TaskFailedException in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TaskFailedException inTask) {
                return inTask;
            }
        }
        return null;
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
