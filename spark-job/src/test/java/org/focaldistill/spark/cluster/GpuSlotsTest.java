package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.spark.RunSettings;
import org.focaldistill.spark.TeacherJob;
import org.focaldistill.spark.gpu.GpuBinding;
import org.focaldistill.spark.gpu.GpuSettings;
import org.focaldistill.spark.gpu.ProcessEnvironment;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.slots.SlotPool;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.EngineChoice;
import org.focaldistill.sweep.NumericsChoice;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.testing.NvidiaSmi;
import org.focaldistill.testing.Server;
import org.focaldistill.testing.StandaloneCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs handed out by a standalone cluster of real processes; the cards are lines of a text file. */
@Tag("slow")
class GpuSlotsTest {
    @TempDir
    private static Path folder;

    private static StandaloneCluster cluster;
    private static Server worker;

    private final List<String> settings = new ArrayList<>();

    /** Where a task ran. */
    private record Seen(String executor, String device, String visible, String order) implements Serializable {}

    @BeforeAll
    static void start_a_worker_with_two_usable_gpus() throws Exception {
        Path path = NvidiaSmi.in(
                folder.resolve("bin"),
                "0, NVIDIA GeForce RTX 3070, 8.6",
                "1, NVIDIA GeForce RTX 3070, 8.6",
                "2, Tesla T4, 7.5");
        cluster = new StandaloneCluster(folder);
        worker = cluster.worker("worker", 2, path);
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
        settings.forEach(System::clearProperty);
        settings.clear();
    }

    @Test
    void each_gpu_has_an_executor_bound_to_it_and_a_task_at_a_time() throws Exception {
        set(GpuSettings.EXECUTOR_AMOUNT, "1");
        try (SparkCluster spark = onCluster()) {
            assertThat(spark.slots()).isEqualTo(2);
            List<Seen> seen = sideBySide(spark, 2);
            assertThat(seen).extracting(Seen::device).containsExactlyInAnyOrder("gpu 0", "gpu 1");
            assertThat(seen).extracting(Seen::executor).doesNotHaveDuplicates();
            assertThat(seen).allSatisfy(task -> {
                assertThat("gpu " + task.visible()).isEqualTo(task.device());
                assertThat(task.order()).isEqualTo("PCI_BUS_ID");
            });
        }
    }

    @Test
    void training_on_cpus_is_refused_before_anything_is_written_where_spark_gave_gpus() throws Exception {
        set(GpuSettings.EXECUTOR_AMOUNT, "1");
        Path teachers = folder.resolve("teachers");
        TeacherJob.Order order = new TeacherJob.Order(
                "small",
                teachers.resolve("small.safetensors").toString(),
                "resnet8",
                LossSettings.of(LossWeights.CROSS_ENTROPY),
                new Recipe(1, 32, 0.05, 0.9, 5e-4, List.of(), 0.1),
                0,
                1,
                1);
        try (SparkCluster spark = onCluster()) {
            TeacherJob job = new TeacherJob(
                    spark, new Console(System.out, false), new RunSettings(0, 1, 1), Computation.CPU_FP32);
            assertThatThrownBy(() -> job.train(List.of(order), new DataLocation("nowhere", "hash", 100, 400, 100)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("got GPU 0, which training on CPUs would leave idle")
                    .hasMessageContaining("Set run.engine = auto");
        }
        assertThat(teachers).doesNotExist();
    }

    @Test
    void gpus_that_no_driver_of_the_executors_knows_are_not_trained_on_and_not_replaced_by_cpus() throws Exception {
        set(GpuSettings.EXECUTOR_AMOUNT, "1");
        try (SparkCluster spark = onCluster()) {
            assertThatThrownBy(() -> spark.computation(EngineChoice.AUTO, NumericsChoice.AUTO))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("can not train on a card. There is no NVIDIA driver here")
                    .hasMessageContaining("To train on CPUs, set run.engine = cpu");
            assertThat(spark.computation(EngineChoice.CUDA, NumericsChoice.AUTO))
                    .isEqualTo(Computation.CUDA_TF32);
            assertThat(spark.computation(EngineChoice.CUDA, NumericsChoice.FP32))
                    .isEqualTo(Computation.CUDA_FP32);
            assertThatThrownBy(() -> spark.computation(EngineChoice.CPU, NumericsChoice.TF32))
                    .hasMessageContaining("Cannot compute in tf32 with the engine cpu, which computes in fp32");
            assertThatThrownBy(() -> spark.requireAble(Set.of(Computation.CUDA_FP32)))
                    .hasMessageContaining("There is no NVIDIA driver here");
            assertThatThrownBy(() -> spark.requireAble(Set.of(Computation.ND4J_CUDA_FP32)))
                    .hasMessageContaining("mvn -Pcuda clean package");
        }
    }

    @Test
    void half_a_gpu_a_task_makes_two_tasks_at_a_time_on_each() throws Exception {
        set(GpuSettings.EXECUTOR_AMOUNT, "1");
        set(GpuSettings.TASK_AMOUNT, "0.5");
        askForExecutors(2, 2);
        try (SparkCluster spark = onCluster()) {
            assertThat(spark.slots()).isEqualTo(4);
            Map<String, Long> tasks =
                    sideBySide(spark, 4).stream().collect(Collectors.groupingBy(Seen::device, Collectors.counting()));
            assertThat(tasks).isEqualTo(Map.of("gpu 0", 2L, "gpu 1", 2L));
        }
    }

    @Test
    void without_gpus_the_cores_of_all_executors_count_although_they_come_after_the_start() throws Exception {
        askForExecutors(2, 2);
        try (SparkCluster spark = onCluster()) {
            assertThat(spark.slots()).isEqualTo(4);
            assertThat(sideBySide(spark, 1)).extracting(Seen::device).containsExactly("cpu");
        }
    }

    @Test
    void one_gpu_handed_out_by_two_workers_is_one_executors_and_the_other_gets_nothing() throws Exception {
        Path path = NvidiaSmi.in(folder.resolve("bin2"), "0, RTX A4000, 8.6");
        try (Server second = cluster.worker("second", 1, path)) {
            assertThat(second.process().isAlive()).isTrue();
            set(GpuSettings.EXECUTOR_AMOUNT, "1");
            askForExecutors(3, 1);
            try (SparkCluster spark = onCluster()) {
                assertThat(spark.slots()).isEqualTo(2);
                assertThat(spark.kept())
                        .singleElement()
                        .extracting(SlotPool.Kept::reason)
                        .asString()
                        .startsWith("it got GPU 0, which executor")
                        .contains("CUDA_VISIBLE_DEVICES", GpuSettings.TASK_AMOUNT);
                assertThat(sideBySide(spark, 2)).extracting(Seen::device).containsExactlyInAnyOrder("gpu 0", "gpu 1");
            }
        }
    }

    @Test
    void a_gpu_that_the_executors_environment_hides_is_refused() {
        set(GpuSettings.EXECUTOR_AMOUNT, "1");
        askForExecutors(1, 1);
        set("spark.executorEnv.CUDA_VISIBLE_DEVICES", "7");
        assertThatThrownBy(this::onCluster)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("CUDA_VISIBLE_DEVICES=7 hides that one");
    }

    @Test
    void executors_that_no_worker_can_start_are_not_waited_for_without_end() {
        SparkConf conf = new SparkConf(false)
                .setAppName("too much")
                .setMaster(cluster.url())
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.executor.memory", "600g");
        SparkContext spark = new SparkContext(conf);
        try {
            assertThatThrownBy(() -> new ClusterSlots(spark, () -> 0, Duration.ofSeconds(1)).await())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No executor of " + cluster.url() + " is ready after 1 s")
                    .hasMessageContaining("memory: 600g");
        } finally {
            spark.stop();
        }
    }

    @Test
    void a_master_that_is_talked_to_with_another_secret_is_no_master_for_this_driver() {
        SparkConf conf = new SparkConf(false)
                .set("spark.master", cluster.url())
                .set("spark.authenticate", "true")
                .set("spark.authenticate.secret", "another");
        assertThatThrownBy(() -> MasterAddress.requireUsable(conf))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no master of Spark 3.5")
                .hasMessageContaining("spark.authenticate");
    }

    @Test
    void an_application_that_spark_has_ended_is_not_waited_for() {
        SparkContext spark = new SparkContext(
                new SparkConf(false).setAppName("ended").setMaster("local[1]").set("spark.ui.enabled", "false"));
        spark.stop();
        assertThatThrownBy(() -> new ClusterSlots(spark, () -> 0, Duration.ofMinutes(1)).await())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has not taken this application, or has ended it")
                .hasMessageContaining(spark.version());
    }

    @Test
    void amounts_that_can_not_work_are_refused_before_anything_starts() {
        set(GpuSettings.EXECUTOR_AMOUNT, "2");
        assertThatThrownBy(this::onCluster)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("spark.executor.resource.gpu.amount = 2: an executor is one process");
        set(GpuSettings.EXECUTOR_AMOUNT, "1");
        set(GpuSettings.TASK_AMOUNT, "0.7");
        assertThatThrownBy(this::onCluster)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("spark.task.resource.gpu.amount = 0.7");
    }

    @Test
    void local_mode_refuses_gpu_amounts_instead_of_hanging() {
        locally();
        set(GpuSettings.EXECUTOR_AMOUNT, "1");
        set(GpuSettings.TASK_AMOUNT, "1");
        assertThatThrownBy(() -> SparkCluster.start("local"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("would wait for ever. Leave it out");
    }

    @Test
    void local_mode_without_gpu_amounts_has_its_cores_as_slots() throws Exception {
        locally();
        try (SparkCluster spark = SparkCluster.start("local")) {
            assertThat(spark.slots()).isEqualTo(2);
            assertThat(sideBySide(spark, 1)).extracting(Seen::device).containsExactly("cpu");
            assertThat(spark.computation(EngineChoice.AUTO, NumericsChoice.AUTO))
                    .isEqualTo(Computation.CPU_FP32);
            spark.requireAble(Set.of(Computation.CPU_FP32));
            assertThatThrownBy(() -> spark.requireAble(Set.of(Computation.CUDA_FP32)))
                    .hasMessageContaining("can not train on a card. There is no NVIDIA driver here");
        }
    }

    private void locally() {
        set("spark.master", "local[2]");
        set("spark.ui.enabled", "false");
    }

    private SparkCluster onCluster() throws IOException {
        set("spark.master", cluster.url());
        set("spark.ui.enabled", "false");
        set("spark.driver.host", "127.0.0.1");
        set("spark.executor.memory", "512m");
        // No card of this machine, as in this process.
        set("spark.executor.extraJavaOptions", "-Dfocaldistill.cuda.library=no-driver-in-tests.so");
        set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
        return SparkCluster.start("GPU slots");
    }

    private void askForExecutors(int executors, int cores) {
        set("spark.executor.cores", Integer.toString(cores));
        set("spark.cores.max", Integer.toString(executors * cores));
    }

    private void set(String key, String value) {
        settings.add(key);
        System.setProperty(key, value);
    }

    /** Runs so many tasks, each long enough for all to be under way together. */
    private static List<Seen> sideBySide(SparkCluster spark, int count) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<Seen>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                running.add(threads.submit(() -> spark.run("look", "look around", (conf, unused) -> look())));
            }
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> task : running) {
                seen.add(task.get());
            }
            return seen;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Seen look() {
        try {
            Thread.sleep(2000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Seen(
                SparkEnv.get().executorId(),
                GpuBinding.device(),
                String.valueOf(ProcessEnvironment.get("CUDA_VISIBLE_DEVICES")),
                String.valueOf(ProcessEnvironment.get("CUDA_DEVICE_ORDER")));
    }
}
