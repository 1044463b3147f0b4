package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.spark.bank.Banks;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.spark.cluster.SparkCluster;
import org.focaldistill.spark.input.DataLocation;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.spark.input.TeacherLocation;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Axis;
import org.focaldistill.sweep.Beta;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Grid;
import org.focaldistill.sweep.LossVariants;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SamplePoints;
import org.focaldistill.sweep.Seeds;
import org.focaldistill.sweep.SweepDefinition;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 100 trials on 8 slots, run by the real driver and Spark; only the training is left out. */
class SweepConsoleTest {
    private static final AtomicBoolean STOPPING = new AtomicBoolean();
    private static final CountDownLatch STOPPED = new CountDownLatch(1);

    private static final Map<String, String> SETTINGS = Map.of(
            "spark.master", "local[8]",
            "spark.ui.enabled", "false",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.driver.host", "127.0.0.1");

    @TempDir
    private Path folder;

    @BeforeEach
    void set() {
        SETTINGS.forEach(System::setProperty);
    }

    @AfterEach
    void unset() {
        SETTINGS.keySet().forEach(System::clearProperty);
    }

    private static SweepPlan plan() {
        SweepDefinition definition = new SweepDefinition(
                List.of(new Pair("resnet32x4", "ShuffleV1")),
                List.of(),
                List.of(),
                List.of(),
                new Grid(Axis.leftEdges(0, 0.1, 10), Axis.leftEdges(0, 0.01, 10), Beta.ONE_MINUS_ALPHA),
                LossVariants.of(LossSettings.of(LossWeights.CROSS_ENTROPY)),
                Seeds.of(List.of(1L)),
                TeacherMode.ONLINE,
                1,
                1,
                Map.of("ShuffleV1", new Recipe(240, 64, 0.01, 0.9, 5e-4, List.of(), 1)),
                SamplePoints.NONE,
                List.of());
        DataRef images = new DataRef("cifar100", "0".repeat(16), false, 50000, 0, 10000);
        return SweepPlan.of(definition, images, Map.of("resnet32x4", "1".repeat(16)), Computation.CPU_FP32);
    }

    private String run(SweepPlan plan) throws IOException {
        return run(
                plan,
                (configuration, images) ->
                        new LegReport(240, TrialStatus.OK, "test top-1 70.12 %, loss 1.2345", "host", "cpu"));
    }

    private String run(SweepPlan plan, SparkCluster.Work<LegReport> work) throws IOException {
        DataLocation data = new DataLocation(folder.toString(), "0".repeat(16), 100, 50000, 10000);
        ReadyTeacher teacher = new ReadyTeacher(
                new TeacherLocation("nowhere", "resnet32x4", "1".repeat(16)),
                new TrialOutcome.TeacherMetrics(0, 0, 0),
                null);
        Banks banks = new Banks(folder.resolve("bank").toString(), data, Map.of("resnet32x4", teacher));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (SparkCluster cluster = SparkCluster.start("console")) {
            Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
            SweepJob.Result result = SweepJob.withoutTraining(
                            cluster, console, new RunSettings(0, 240, 1), folder.toString(), banks, "test", work)
                    .run(plan);
            assertThat(result.failed()).isZero();
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_log_has_a_numbered_line_a_trial_that_an_80_column_window_does_not_wrap() throws IOException {
        List<String> lines = run(plan()).lines().toList();

        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        List<String> trials =
                lines.stream().filter(line -> line.startsWith("[")).toList();
        assertThat(trials)
                .extracting(line -> line.substring(0, 9))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100)
                        .mapToObj("[%3d/100]"::formatted)
                        .toList());
        assertThat(trials)
                .extracting(line -> line.substring(10))
                .doesNotHaveDuplicates()
                .contains("alpha 0.09, gamma 0.009, seed 1: test top-1 70.12 %, loss 1.2345");
    }

    @Test
    void an_application_that_its_cluster_ends_ends_the_sweep_and_fails_no_trial() throws Exception {
        SweepPlan plan = plan();
        assertThatThrownBy(() -> run(plan, (configuration, images) -> {
                    // As the thread does that asks YARN how the application is.
                    if (STOPPING.compareAndSet(false, true)) {
                        SparkContext.getOrCreate().stop();
                        STOPPED.countDown();
                    }
                    throw new IOException("The executor is gone");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "The cluster has ended Spark's application before its work was done; Spark's errors above say"
                                + " why, and on YARN 'yarn logs -applicationId ID' what its containers wrote. 0 of 100 trials"
                                + " have a result; the same command goes on with the others, from their last checkpoints");
        // The next one can not start before.
        assertThat(STOPPED.await(1, TimeUnit.MINUTES)).isTrue();
        ResultStore store = new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(folder.toString()));
        assertThat(store.attempts())
                .hasSizeBetween(1, 8)
                .allSatisfy(row -> assertThat(row.end()).isEqualTo(AttemptRow.End.STOPPED));
        assertThat(events()).noneMatch(line -> line.contains("trial_failed"));
    }

    @Test
    void the_event_log_tells_of_every_trial() throws IOException {
        SweepPlan plan = plan();
        run(plan);

        List<String> events = events();
        assertThat(events).hasSize(2 + 4 * 100);
        assertThat(events.get(0))
                .contains("\"sweep_id\":\"" + plan.sweepId() + "\",\"trials\":100,\"to_train\":100,\"slots\":8");
        plan.trials()
                .forEach(planned -> assertThat(events)
                        .filteredOn(line -> line.contains(planned.trial().id()))
                        .hasSize(4));
    }

    private List<String> events() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("events"))) {
            return Files.readAllLines(files.findFirst().orElseThrow());
        }
    }
}
