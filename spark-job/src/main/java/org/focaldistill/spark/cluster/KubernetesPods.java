package org.focaldistill.spark.cluster;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.focaldistill.spark.gpu.GpuSettings;

/** What is to be said of the executors' pods on Kubernetes, which has no workers and no master's page. */
final class KubernetesPods {
    private KubernetesPods() {}

    /** Whether the executors are pods. */
    static boolean areExecutorsOf(SparkConf conf) {
        return conf.get("spark.master").startsWith("k8s://");
    }

    /** None of them has become ready; they are deleted with their driver, so they have to be asked while one waits. */
    static String nobodyCame(SparkConf conf, Duration patience) {
        String namespace = conf.get("spark.kubernetes.namespace", "default");
        return "No executor of " + conf.get("spark.master") + " is ready after " + patience.toSeconds()
                + " s. Either no node has what each pod asks for (cores: " + conf.get("spark.executor.cores", "1")
                + ", memory: " + conf.get("spark.executor.memory", "1g") + " and "
                + conf.get("spark.executor.memoryOverhead", "a tenth") + " beside it, GPUs: "
                + conf.get(GpuSettings.EXECUTOR_AMOUNT, "0") + "), or the image "
                + conf.get("spark.kubernetes.container.image", "")
                + " can not be pulled, or pods do not reach the driver at "
                + conf.get("spark.driver.host", "its address") + " (--conf spark.driver.host=ADDRESS)"
                + ", or it may not make any, which was logged above. While the same command waits again,"
                + " kubectl describe pods -n " + namespace
                + " -l spark-role=executor says what they wait for, and kubectl"
                + " logs -n " + namespace + " -l spark-role=executor what they print";
    }
}
