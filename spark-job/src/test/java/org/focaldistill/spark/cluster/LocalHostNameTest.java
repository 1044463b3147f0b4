package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LocalHostNameTest {
    @Test
    void an_address_for_spark_that_is_none_is_told_before_spark_starts() throws IOException {
        for (String address : new String[] {null, "127.0.0.1", "::1", "localhost"}) {
            LocalHostName.requireAddress("SPARK_LOCAL_IP", address);
        }
        assertThatThrownBy(() -> LocalHostName.requireAddress("SPARK_LOCAL_HOSTNAME", "no.such.host.invalid"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("SPARK_LOCAL_HOSTNAME=no.such.host.invalid is no address");
    }
}
