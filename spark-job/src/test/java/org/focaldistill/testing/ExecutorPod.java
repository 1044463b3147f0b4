package org.focaldistill.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Map;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.KubernetesExecutorConf;
import org.apache.spark.deploy.k8s.SparkPod;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import scala.Option;

/** The pod that Spark asks Kubernetes for. */
public final class ExecutorPod {
    private ExecutorPod() {}

    /** Made by Spark, of settings as it gets them from the command line. */
    public static Pod of(Map<String, String> settings) {
        SparkConf conf = new SparkConf(false)
                .set("spark.app.name", "test")
                .set("spark.driver.host", "driver")
                .set("spark.driver.port", "7078");
        settings.forEach(conf::set);
        ResourceProfile profile = ResourceProfile$.MODULE$.getOrCreateDefaultProfile(conf);
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            SparkPod made = new KubernetesExecutorBuilder()
                    .buildFromFeatures(
                            new KubernetesExecutorConf(conf, "spark-1", "1", Option.empty(), profile.id()),
                            new SecurityManager(
                                    conf,
                                    Option.empty(),
                                    org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE_EXECUTOR()),
                            client,
                            profile)
                    .pod();
            return new PodBuilder(made.pod())
                    .editSpec()
                    .withContainers(made.container())
                    .endSpec()
                    .build();
        } finally {
            ResourceProfile$.MODULE$.clearDefaultProfile();
        }
    }
}
