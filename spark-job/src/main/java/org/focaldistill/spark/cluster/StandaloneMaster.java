package org.focaldistill.spark.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.focaldistill.store.TryAgainException;
import org.focaldistill.text.Causes;
import scala.Option;

/** The master of a standalone cluster, asked whether it is one. */
final class StandaloneMaster {
    /** How long it may take to answer. */
    private static final String PATIENCE = "20s";

    private final String host;
    private final int port;

    /** @param address HOST:PORT */
    StandaloneMaster(String address) {
        int colon = address.lastIndexOf(':');
        this.host = address.substring(0, colon);
        this.port = Integer.parseInt(address.substring(colon + 1));
    }

    /**
     * Asks it.
     *
     * @param conf with what authentication needs
     * @throws TryAgainException if nobody listens there
     * @throws IOException if tasks can not run there for another reason
     */
    void requireAnswer(SparkConf conf) throws IOException {
        SparkConf impatient = conf.clone()
                .set("spark.rpc.lookupTimeout", PATIENCE)
                .set("spark.network.timeout", PATIENCE)
                .set("spark.rpc.io.maxRetries", "0");
        SecurityManager security = new SecurityManager(
                impatient, Option.empty(), org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE());
        RpcEnv client = RpcEnv.create("look", "localhost", "localhost", -1, impatient, security, 1, true);
        try {
            var unused = client.setupEndpointRef(new RpcAddress(host, port), "Master");
        } catch (Exception e) {
            // Scala does not declare what it throws.
            throw problem(e);
        } finally {
            client.shutdown();
            client.awaitTermination();
        }
    }

    private IOException problem(Exception e) {
        Throwable root = Causes.root(e);
        String address = "spark://" + host + ":" + port;
        if (root instanceof UnknownHostException) {
            return new IOException("There is no machine of the name " + host + " for a Spark master at " + address);
        }
        if (root instanceof ConnectException) {
            return new TryAgainException("No Spark master answers at " + address + " (" + Causes.sentence(root) + ")");
        }
        return new IOException("What listens at " + address + " is no master of Spark "
                + package$.MODULE$.SPARK_VERSION()
                + ", or not one with this spark.authenticate and its secret (" + Causes.sentence(root) + ")");
    }
}
