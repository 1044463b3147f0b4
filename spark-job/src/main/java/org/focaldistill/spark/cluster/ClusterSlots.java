package org.focaldistill.spark.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.focaldistill.spark.gpu.GpuSettings;
import org.focaldistill.store.TryAgainException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a cluster's first executors, which come one by one after the application has started. */
final class ClusterSlots {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSlots.class);
    private static final Duration POLL = Duration.ofMillis(50);
    /** How long nobody may come until all are thought to be there, if it is not known how many will. */
    private static final Duration QUIET = Duration.ofSeconds(3);
    /** The same where fewer have come than were asked for. */
    private static final Duration QUIET_BUT_INCOMPLETE = Duration.ofSeconds(20);

    private final SparkContext spark;
    private final IntSupplier ready;
    private final int wanted;
    private final Duration patience;

    /**
     * @param ready how many executors can take tasks; one that is stuck in its start is none of them
     * @param patience how long to wait for the first executor
     */
    ClusterSlots(SparkContext spark, IntSupplier ready, Duration patience) {
        this.spark = spark;
        this.ready = ready;
        this.wanted = wantedExecutors(spark.conf());
        this.patience = patience;
    }

    /**
     * Waits until the executors that were asked for are there; where the number is open or the cluster has not that
     * many, until no more of them come.
     *
     * @throws TryAgainException if none comes, or Spark has given up
     */
    void await() throws IOException {
        long began = System.nanoTime();
        long lastChange = began;
        int there = 0;
        while (true) {
            requireRunning();
            long now = System.nanoTime();
            int found = ready.getAsInt();
            if (found != there) {
                there = found;
                lastChange = now;
            }
            boolean complete = there > 0 && there >= wanted && wanted > 0;
            Duration quiet = wanted > 0 ? QUIET_BUT_INCOMPLETE : QUIET;
            if (complete || (there > 0 && now - lastChange > quiet.toNanos())) {
                break;
            }
            if (there == 0 && now - began > patience.toNanos()) {
                throw new TryAgainException(nobodyCame());
            }
            pause();
        }
        if (there < wanted) {
            LOG.warn(
                    "{} of {} executors have come, going on with these; others get work when they come", there, wanted);
        }
    }

    /** Spark gives up by itself, too. */
    private void requireRunning() throws IOException {
        if (spark.isStopped()) {
            throw new TryAgainException(
                    "The master " + spark.master() + " has not taken this application, or has ended it: it may"
                            + " be of another version of Spark than this one, " + spark.version()
                            + ", or a standby without a leader,"
                            + " or executors end at their start, for which see their logs on the workers");
        }
    }

    private static int wantedExecutors(SparkConf conf) {
        if (DynamicAllocation.isOn(conf)) {
            return 1;
        }
        if (conf.contains("spark.executor.instances")) {
            return conf.getInt("spark.executor.instances", 0);
        }
        if (conf.contains("spark.cores.max") && conf.contains("spark.executor.cores")) {
            return conf.getInt("spark.cores.max", 0) / conf.getInt("spark.executor.cores", 1);
        }
        return 0;
    }

    private String nobodyCame() {
        SparkConf conf = spark.conf();
        if (KubernetesPods.areExecutorsOf(conf)) {
            return KubernetesPods.nobodyCame(conf, patience);
        }
        return "No executor of " + spark.master() + " is ready after " + patience.toSeconds() + " s. Either no worker"
                + " has what each executor asks for (cores: " + conf.get("spark.executor.cores", "all of a worker")
                + ", memory: " + conf.get("spark.executor.memory", "1g") + ", GPUs: "
                + conf.get(GpuSettings.EXECUTOR_AMOUNT, "0") + ", which the master's page shows), or executors end at"
                + " their start, for which see their logs on the workers";
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the executors of " + spark.master(), e);
        }
    }
}
