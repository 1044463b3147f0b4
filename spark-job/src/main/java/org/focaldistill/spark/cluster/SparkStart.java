package org.focaldistill.spark.cluster;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkThrowable;
import org.focaldistill.store.ProcessUser;
import org.focaldistill.text.Causes;

/** Starts Spark, or says in a sentence why that can not work, where Spark itself tries without end or ends the process. */
public final class SparkStart {
    private static final long MEBIBYTE = 1 << 20;

    private SparkStart() {}

    /**
     * Starts Spark with what spark-submit or system properties say; without a master it is {@code local[*]}.
     *
     * @param name shown in Spark's pages
     * @param starter gets the settings, which it may complete, and starts what has a SparkContext
     * @throws IOException if settings, this machine or the cluster are not such that it could, with what to change
     */
    public static <T> T start(String name, Starter<T> starter) throws IOException {
        ProcessUser.ensureKnown();
        StopSignals.handle();
        LocalHostName.completeBeforeSpark();
        SparkConf conf = settings().setAppName(name).setIfMissing("spark.master", "local[*]");
        ScratchFolders.requireOne(conf);
        MasterAddress.requireUsable(conf);
        try {
            return starter.start(conf);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            // Scala does not declare what it throws.
            throw inWords(conf.get("spark.master"), e);
        }
    }

    /**
     * What starts it.
     *
     * @param <T> what has a SparkContext
     */
    @FunctionalInterface
    public interface Starter<T> {
        T start(SparkConf conf) throws IOException;
    }

    private static SparkConf settings() throws IOException {
        try {
            return new SparkConf();
        } catch (IllegalArgumentException e) {
            throw new IOException("Cannot use Spark's settings: " + e.getMessage(), e);
        }
    }

    private static IOException inWords(String master, Exception e) {
        if (e instanceof SparkThrowable known && "INVALID_DRIVER_MEMORY".equals(known.getErrorClass())) {
            return new IOException("Spark needs a Java heap of " + mebibytes(known, "minSystemMemory") + " and has "
                    + mebibytes(known, "systemMemory") + ": give it more with FOCALDISTILL_MEMORY, 4g say");
        }
        return new IOException("Cannot start Spark with the master " + master + ": " + Causes.sentence(e), e);
    }

    private static String mebibytes(SparkThrowable error, String parameter) {
        return Long.parseLong(error.getMessageParameters().get(parameter)) / MEBIBYTE + " MiB";
    }
}
