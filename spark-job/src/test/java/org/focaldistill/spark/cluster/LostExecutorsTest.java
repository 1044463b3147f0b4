package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.focaldistill.store.TryAgainException;
import org.focaldistill.testing.Server;
import org.focaldistill.testing.StandaloneCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors of real processes, taken from their tasks as by preemption: Spark does not think that the tasks failed. */
@Tag("slow")
@Timeout(120)
class LostExecutorsTest {
    @TempDir
    private static Path folder;

    private static StandaloneCluster cluster;
    private static Server worker;

    private Map<String, String> settings = Map.of();

    @BeforeAll
    static void start_a_worker() throws Exception {
        cluster = new StandaloneCluster(folder);
        worker = cluster.worker("worker");
    }

    @AfterAll
    static void stop() {
        if (worker != null) {
            worker.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void forget_settings() {
        settings.keySet().forEach(System::clearProperty);
    }

    @Test
    void a_task_whose_executor_is_preempted_is_lost_to_the_driver_and_not_run_again_by_spark() throws Exception {
        String begun = folder.resolve("begun").toString();
        try (SparkCluster spark = start(2)) {
            FutureTask<String> work = begin(() -> spark.run("work", "work", (hadoop, unused) -> stay(begun)));
            String executor = executorIn(Path.of(begun));
            preempt(executor);

            Throwable failure = catchThrowable(() -> work.get(60, TimeUnit.SECONDS));
            assertThat(failure).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(TaskFailedException.class);
            assertThat(TaskFailure.isLoss(failure)).isTrue();
            assertThat(TaskFailure.isTakenAway(failure)).isTrue();
            assertThat(spark.kept()).isEmpty();
            assertThat(failure.getCause())
                    .hasMessageStartingWith("A task of executor " + executor + " on ")
                    .hasMessageContaining("exited unrelated to the running tasks");
            String next = spark.run("work", "work", (hadoop, unused) -> here());
            assertThat(next).isNotEqualTo(executor);
            assertThat(Files.readAllLines(Path.of(begun))).containsExactly(executor);
        }
    }

    @Test
    void what_nobody_would_try_again_spark_runs_again() throws Exception {
        String begun = folder.resolve("begun aside").toString();
        try (SparkCluster spark = start(2)) {
            FutureTask<String> work = begin(() -> spark.runAside("work", "work", (hadoop, unused) -> stay(begun)));
            String executor = executorIn(Path.of(begun));
            preempt(executor);
            assertThat(work.get(60, TimeUnit.SECONDS)).isNotEqualTo(executor);
        }
    }

    private static FutureTask<String> begin(Callable<String> work) {
        FutureTask<String> begun = new FutureTask<>(work);
        Thread thread = new Thread(begun, "work");
        thread.setDaemon(true);
        thread.start();
        return begun;
    }

    @Test
    void a_run_whose_executors_are_all_gone_ends_after_a_while_and_says_that_it_may_succeed_later() throws Exception {
        try (SparkCluster spark = start(1);
                StopSwitch stop = new StopSwitch(spark, new Console(System.out, false));
                ExecutorPatience patience = ExecutorPatience.begin(spark, Duration.ofSeconds(3), stop)) {
            assertThat(patience).isNotNull();
            String only = spark.run("work", "work", (hadoop, unused) -> here());
            preempt(only);
            assertThatThrownBy(() -> spark.run("work", "work", (hadoop, unused) -> here()))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(stop.isOver()).isTrue();
            assertThatThrownBy(() -> stop.requireApplication("1 of 2 trials have a result"))
                    .isInstanceOf(TryAgainException.class)
                    .hasMessageStartingWith("For 3 s no executor was there that can be used")
                    .hasMessageEndingWith(". 1 of 2 trials have a result");
        }
    }

    private SparkCluster start(int executors) throws IOException {
        settings = Map.of(
                "spark.master", cluster.url(),
                "spark.ui.enabled", "false",
                "spark.driver.host", "127.0.0.1",
                "spark.executor.memory", "512m",
                "spark.executor.cores", "1",
                "spark.cores.max", Integer.toString(executors),
                "spark.executor.extraJavaOptions", "-Dfocaldistill.cuda.library=no-driver-in-tests.so",
                "spark.executor.extraClassPath", System.getProperty("java.class.path"));
        settings.forEach(System::setProperty);
        return SparkCluster.start("lost executors");
    }

    /** The cluster is asked for no other one in its place. */
    private static void preempt(String executor) {
        assertThat(SparkContext.getOrCreate().killExecutor(executor)).isTrue();
    }

    private static String here() {
        return SparkEnv.get().executorId();
    }

    /** Notes where it is, and stays there if it is the first. */
    private static String stay(String file) throws IOException {
        Files.write(Path.of(file), List.of(here()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            boolean first = Files.readAllLines(Path.of(file)).size() == 1;
            for (int i = 0; first && i < 600 && !TaskContext.get().isInterrupted(); i++) {
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return here();
    }

    private static String executorIn(Path file) throws Exception {
        while (!Files.exists(file) || Files.readAllLines(file).isEmpty()) {
            Thread.sleep(50);
        }
        return Files.readAllLines(file).get(0);
    }
}
