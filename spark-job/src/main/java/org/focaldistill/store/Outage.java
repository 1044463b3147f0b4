package org.focaldistill.store;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.apache.hadoop.hdfs.server.namenode.SafeModeException;
import org.apache.hadoop.ipc.StandbyException;
import org.apache.hadoop.net.ConnectTimeoutException;

/** A server that is away or not ready: the same command may succeed once it is back. */
public final class Outage {
    /** Of the failure of a task, and of what a server throws, nothing but the text arrives. */
    private static final List<String> SIGNS = List.of(
            ConnectException.class.getName(),
            NoRouteToHostException.class.getName(),
            SocketTimeoutException.class.getName(),
            StandbyException.class.getName(),
            ConnectTimeoutException.class.getName(),
            SafeModeException.class.getName());

    private Outage() {}

    /** Whether a failure comes of one. */
    public static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (SIGNS.stream().anyMatch(cause.toString()::contains)) {
                return true;
            }
        }
        return false;
    }
}
