package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class KubernetesPodsTest {
    @Test
    void pods_that_do_not_come_are_asked_for_by_name_space_and_what_they_want_is_said() {
        SparkConf conf = new SparkConf(false)
                .set("spark.master", "k8s://https://host:6443")
                .set("spark.kubernetes.namespace", "sweeps")
                .set("spark.kubernetes.container.image", "registry.example/focaldistill:1")
                .set("spark.driver.host", "10.0.0.7")
                .set("spark.executor.memory", "2g")
                .set("spark.executor.memoryOverhead", "5g")
                .set("spark.executor.resource.gpu.amount", "1");
        assertThat(KubernetesPods.areExecutorsOf(conf)).isTrue();
        assertThat(KubernetesPods.nobodyCame(conf, Duration.ofMinutes(3)))
                .startsWith("No executor of k8s://https://host:6443 is ready after 180 s")
                .contains("cores: 1, memory: 2g and 5g beside it, GPUs: 1")
                .contains("the image registry.example/focaldistill:1 can not be pulled")
                .contains("the driver at 10.0.0.7")
                .contains("kubectl describe pods -n sweeps -l spark-role=executor");
        assertThat(KubernetesPods.areExecutorsOf(conf.set("spark.master", "spark://host:7077")))
                .isFalse();
    }
}
