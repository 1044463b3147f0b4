package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.focaldistill.text.Causes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks of local mode, where an error that Spark takes for fatal would end this very process. */
class TaskMemoryTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.master", "local[2]",
            "spark.ui.enabled", "false",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.driver.host", "127.0.0.1");

    @BeforeEach
    void set() {
        SETTINGS.forEach(System::setProperty);
    }

    @AfterEach
    void unset() {
        SETTINGS.keySet().forEach(System::clearProperty);
    }

    @Test
    void a_task_that_gets_no_native_memory_fails_alone_and_its_process_goes_on() throws Exception {
        try (SparkCluster cluster = SparkCluster.start("memory")) {
            assertThatThrownBy(() -> cluster.run("large", "a large one", (configuration, images) -> {
                        try (FloatPointer values = new FloatPointer(1L << 45)) {
                            return values.limit();
                        }
                    }))
                    .satisfies(error -> assertThat(Causes.sentence(error))
                            .startsWith("A native allocation failed: ")
                            .contains("run.slots"));
            int next = cluster.run("small", "a small one", (configuration, images) -> 42);
            assertThat(next).isEqualTo(42);
        }
    }
}
