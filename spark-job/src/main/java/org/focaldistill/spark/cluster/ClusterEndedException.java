package org.focaldistill.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Spark's application is over while there was work to do. */
public final class ClusterEndedException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    ClusterEndedException(String master, Exception noticed) {
        super(new IOException("Spark's application at " + master + " has ended: it was stopped or killed, or lost its"
                + " executors too often, for which see the master's page and log. What is finished and saved is kept;"
                + " run the same command to go on"));
        addSuppressed(noticed);
    }
}
