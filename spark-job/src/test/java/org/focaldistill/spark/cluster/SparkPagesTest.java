package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
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

    @Test
    void trained_images_are_counted_by_the_group_of_their_jobs_and_those_of_a_failed_task_stay_counted()
            throws Exception {
        System.setProperty("spark.executor.heartbeatInterval", "100ms");
        try (SparkCluster cluster = SparkCluster.start("images")) {
            for (int leg = 0; leg < 2; leg++) {
                cluster.run("a", WORDS, (configuration, images) -> {
                    images.add(30);
                    return 0;
                });
            }
            assertThatThrownBy(() -> cluster.run("b", WORDS, (configuration, images) -> {
                        images.add(7);
                        sleep(500);
                        throw new IOException("broken");
                    }))
                    .hasMessageContaining("broken");
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (cluster.trainedImages("a") < 60 && System.nanoTime() < deadline) {
                sleep(10);
            }
            assertThat(cluster.trainedImages("a")).isEqualTo(60);
            assertThat(cluster.trainedImages("b")).isEqualTo(7);
            assertThat(cluster.trainedImages("c")).isZero();
        } finally {
            System.clearProperty("spark.executor.heartbeatInterval");
        }
    }

    private static void sleep(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }
}
