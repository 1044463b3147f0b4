package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.StageInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Spark's own pages, and programs that listen to it, are told. */
class SparkPagesTest {
    private static final String WORDS = "resnet56 -> resnet20, alpha 0.05, gamma 0.01, seed 1, epochs 1 to 2";

    @BeforeEach
    void setLocalSpark() {
        System.setProperty("spark.master", "local[1]");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.driver.bindAddress", "127.0.0.1");
        System.setProperty("spark.driver.host", "127.0.0.1");
    }

    @AfterEach
    void unset() {
        List.of("spark.master", "spark.ui.enabled", "spark.driver.bindAddress", "spark.driver.host")
                .forEach(System::clearProperty);
    }

    private static final class Jobs extends SparkListener {
        private final List<String> seen = new ArrayList<>();

        @Override
        public synchronized void onJobStart(SparkListenerJobStart job) {
            scala.collection.Iterator<StageInfo> stages = job.stageInfos().iterator();
            seen.add(job.properties().getProperty("spark.jobGroup.id") + " | "
                    + job.properties().getProperty("spark.job.description") + " | "
                    + stages.next().name());
        }

        synchronized List<String> seen() {
            return List.copyOf(seen);
        }
    }

    @Test
    void a_leg_s_job_and_stage_are_called_in_the_user_s_words() throws IOException {
        Jobs jobs = new Jobs();
        try (SparkCluster cluster = SparkCluster.start("pages")) {
            SparkContext.getOrCreate().addSparkListener(jobs);
            int answer = cluster.run("0123abcd", WORDS, (configuration, images) -> 42);
            assertThat(answer).isEqualTo(42);
        }
        assertThat(jobs.seen()).containsExactly("0123abcd | " + WORDS + " | " + WORDS);
    }
}
