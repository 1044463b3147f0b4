package org.focaldistill.spark.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.ExternalClusterManager;
import org.focaldistill.store.TryAgainException;

/** Where Spark's tasks are to run, as {@code --master} has it. */
final class MasterAddress {
    private static final String FORMS = "local[N] (N trials at a time on this machine), local[*] (as many as it has"
            + " processors), spark://HOST:PORT (a standalone cluster), yarn or k8s://https://HOST:PORT";
    private static final Pattern LOCAL = Pattern.compile("local(\\[([0-9]+|\\*)(\\s*,\\s*[0-9]+)?\\])?");
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[.*\\]");
    private static final Pattern STANDALONE = Pattern.compile("spark://(.+)");
    private static final Pattern KUBERNETES = Pattern.compile("k8s://https?://[^/].*");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(.+):([0-9]{1,5})");

    /** YARN's own default. */
    private static final String NOWHERE = "0.0.0.0";

    private MasterAddress() {}

    /**
     * Looks whether tasks can run there, before Spark tries for minutes or without end.
     *
     * @throws TryAgainException if nobody listens there
     * @throws IOException if the address has no meaning, or who answers does not understand this Spark
     */
    static void requireUsable(SparkConf conf) throws IOException {
        String master = conf.get("spark.master");
        Matcher local = LOCAL.matcher(master);
        Matcher standalone = STANDALONE.matcher(master);
        if (local.matches()) {
            requireThreads(master, local.group(2));
        } else if (standalone.matches()) {
            requireOneThatAnswers(conf, hosts(master, standalone.group(1)));
        } else if (!LOCAL_CLUSTER.matcher(master).matches()) {
            requireClient(master);
        }
    }

    private static void requireThreads(String master, String threads) throws IOException {
        if (threads != null && threads.matches("0+")) {
            throw new IOException("The master " + master + " trains nothing at a time: give it as one of " + FORMS);
        }
    }

    private static List<String> hosts(String master, String list) throws IOException {
        List<String> hosts = List.of(list.split(",", -1));
        for (String host : hosts) {
            Matcher parts = HOST_AND_PORT.matcher(host);
            if (!parts.matches()
                    || Integer.parseInt(parts.group(2)) > 65_535
                    || Integer.parseInt(parts.group(2)) == 0) {
                throw new IOException(
                        "The master " + master + " is not of the form spark://HOST:PORT, with a port from 1"
                                + " to 65535; the master's own page says its address");
            }
        }
        return hosts;
    }

    /** Of several, one has the say and the others wait to take its place. */
    private static void requireOneThatAnswers(SparkConf conf, List<String> hosts) throws IOException {
        List<IOException> problems = new ArrayList<>();
        for (String host : hosts) {
            try {
                new StandaloneMaster(host).requireAnswer(conf);
                return;
            } catch (IOException problem) {
                problems.add(problem);
            }
        }
        String all = problems.stream().map(Throwable::getMessage).collect(Collectors.joining("; "))
                + ". Check --master; submit-scripts/cluster-up.sh starts a master on this machine";
        throw problems.stream().anyMatch(TryAgainException::isCauseOf)
                ? new TryAgainException(all)
                : new IOException(all);
    }

    private static void requireClient(String master) throws IOException {
        if (master.startsWith("k8s://") && !KUBERNETES.matcher(master).matches()) {
            throw new IOException("The master " + master + " is not of the form k8s://https://HOST:PORT;"
                    + " kubectl cluster-info prints the API server's URL");
        }
        for (ExternalClusterManager manager : ServiceLoader.load(ExternalClusterManager.class)) {
            if (manager.canCreate(master)) {
                if (master.equals("yarn")) {
                    requireResourceManager(new YarnConfiguration());
                }
                return;
            }
        }
        if (master.equals("yarn") || master.startsWith("k8s://")) {
            throw new IOException("The build's own Spark has no client for the master " + master
                    + ": set SPARK_HOME to a Spark 3.5 (Scala 2.12) that has one");
        }
        throw new IOException("The master " + master + " is none that Spark knows: give it as one of " + FORMS);
    }

    /** YARN's own client would ask this machine, for a quarter of an hour. */
    private static void requireResourceManager(Configuration settings) throws IOException {
        if (!settings.getBoolean(YarnConfiguration.RM_HA_ENABLED, false)
                && settings.get(YarnConfiguration.RM_ADDRESS, NOWHERE).startsWith(NOWHERE)) {
            throw new IOException(
                    "The master yarn needs to know where YARN's ResourceManager is: set HADOOP_CONF_DIR to the"
                            + " folder of a yarn-site.xml that says it (" + YarnConfiguration.RM_HOSTNAME + ")");
        }
    }
}
