package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class DynamicAllocationTest {
    @Test
    void dynamic_allocation_needs_a_limit_and_then_counts_the_slots_there_may_be() throws IOException {
        SparkConf conf = new SparkConf(false)
                .set("spark.master", "spark://there:7077")
                .set("spark.dynamicAllocation.enabled", "true");
        assertThatThrownBy(() -> DynamicAllocation.complete(conf))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("spark.dynamicAllocation.maxExecutors");
        conf.set("spark.dynamicAllocation.maxExecutors", "5");
        assertThatThrownBy(() -> DynamicAllocation.complete(conf))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("spark.executor.cores");
        conf.set("spark.executor.cores", "3");
        DynamicAllocation.complete(conf);
        assertThat(DynamicAllocation.mostSlots(conf)).isEqualTo(15);
        assertThat(conf.get("spark.dynamicAllocation.shuffleTracking.enabled")).isEqualTo("true");
        assertThat(DynamicAllocation.mostSlots(conf.set("spark.master", "local[4]")))
                .isZero();
    }
}
