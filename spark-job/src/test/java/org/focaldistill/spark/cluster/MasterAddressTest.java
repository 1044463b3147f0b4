package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.apache.spark.SparkConf;
import org.assertj.core.api.AbstractThrowableAssert;
import org.focaldistill.store.TryAgainException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MasterAddressTest {
    private static void require(String master) throws IOException {
        MasterAddress.requireUsable(new SparkConf(false).set("spark.master", master));
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(String master) {
        return assertThatThrownBy(() -> require(master)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "local[1]", "local[*]", "local[16,3]", "local[*, 3]", "local-cluster[2,1,1024]"})
    void what_spark_takes_on_this_machine_is_taken(String master) {
        assertThatCode(() -> require(master)).doesNotThrowAnyException();
    }

    @Test
    void the_build_has_a_client_for_kubernetes() {
        assertThatCode(() -> require("k8s://https://host:6443")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo|is none that Spark knows: give it as one of local[N]",
                "local[x]|is none that Spark knows",
                "local[*,x]|is none that Spark knows",
                "local[0]|trains nothing at a time",
                "mesos://host:1|is none that Spark knows",
                "spark://|is none that Spark knows",
                "spark://host|is not of the form spark://HOST:PORT",
                "spark://host:0|is not of the form spark://HOST:PORT",
                "spark://host:77777|is not of the form spark://HOST:PORT",
                "spark://a:7077,b|is not of the form spark://HOST:PORT",
                "yarn|needs to know where YARN's ResourceManager is: set HADOOP_CONF_DIR to the folder of a yarn-site.xml",
                "k8s://host:6443|is not of the form k8s://https://HOST:PORT",
                "k8s://https://|is not of the form k8s://https://HOST:PORT",
                "spark://no-such-host.invalid:7077|There is no machine of the name no-such-host.invalid"
            })
    void what_has_no_meaning_is_refused_with_the_reason(String master, String reason) {
        assertRefused(master).hasMessageContaining(reason).hasMessageContaining(master);
    }

    @Test
    void an_address_where_nobody_listens_is_refused_at_once() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertRefused("spark://127.0.0.1:" + port)
                .isInstanceOf(TryAgainException.class)
                .hasMessageContaining("No Spark master answers at spark://127.0.0.1:" + port + " (Connection refused)")
                .hasMessageContaining("cluster-up.sh");
        assertRefused("spark://no-such-host.invalid:7077,127.0.0.1:" + port)
                .isInstanceOf(TryAgainException.class)
                .hasMessageContainingAll("no machine of the name", "No Spark master answers");
    }

    @Test
    void what_listens_and_is_no_master_is_told_apart() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (Socket client = web.accept()) {
                    client.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(client.getInputStream().read()).isGreaterThanOrEqualTo(-1);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            server.start();
            assertRefused("spark://127.0.0.1:" + web.getLocalPort())
                    .hasMessageContaining("What listens at spark://127.0.0.1:" + web.getLocalPort())
                    .hasMessageContaining("is no master of Spark 3.5")
                    .isNotInstanceOf(TryAgainException.class);
            server.join();
        }
    }
}
