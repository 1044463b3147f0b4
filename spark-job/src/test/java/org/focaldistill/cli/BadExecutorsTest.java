package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.testing.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors that break and stay broken, come late and are lost for good, on a standalone cluster of real processes. An
 * executor's disk is broken for real: the operating system no longer lets the process write to any file.
 */
@Tag("slow")
class BadExecutorsTest {
    private static final FaultTable TABLE = new FaultTable();
    private static final String[] SEVEN_TRIALS = {"--set", "sweep.gamma=[0,1,1e30,0.1,0.2,0.3,0.4]"};

    @TempDir
    private static Path shared;

    private static FaultyCluster cluster;

    @BeforeAll
    static void an_undisturbed_sweep() throws Exception {
        cluster = new FaultyCluster(shared);
        cluster.sweepUndisturbed();
    }

    @AfterAll
    static void stop() {
        System.out.println(TABLE);
        if (cluster != null) {
            cluster.close();
        }
    }

    private static void breakDisk(ProcessHandle executor, boolean broken) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        "prlimit", "--pid", Long.toString(executor.pid()), "--fsize=" + (broken ? "0" : "unlimited"))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    private static String status(Path folder) throws IOException, InterruptedException {
        Program status = Program.start(folder, "status", "-c", cluster.config(folder));
        assertThat(status.exitCode()).isZero();
        return status.output();
    }

    private static String events(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        try (Stream<Path> files = Files.list(folder.resolve("results/events"))) {
            for (Path file : files.sorted().toList()) {
                lines.append(Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        return lines.toString();
    }

    private static int openTrials(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("results/checkpoints"))) {
            return 0;
        }
        try (Stream<Path> trials = Files.list(folder.resolve("results/checkpoints"))) {
            return (int) trials.count();
        }
    }

    private static void assertSameNumbersWhereUndisturbed(Path folder) throws IOException {
        SweepFolder found = SweepFolder.of(folder);
        found.assertExactlyThePlansRows();
        var rows = found.rows();
        cluster.undisturbed().forEach((id, row) -> {
            assertThat(rows).containsKey(id);
            assertThat(rows.get(id).test()).isEqualTo(row.test());
            assertThat(rows.get(id).testMetrics()).isEqualTo(row.testMetrics());
        });
    }

    @Test
    void an_executor_whose_disk_breaks_gets_no_further_trials_and_costs_none() throws Exception {
        Path folder = cluster.newFolder("disk");
        Program sweep = cluster.start(folder, SEVEN_TRIALS);
        FaultyCluster.awaitCheckpointsOfTwo(sweep, folder);
        List<ProcessHandle> executors = FaultyCluster.executors(cluster.worker());
        assertThat(executors).hasSize(2);
        breakDisk(executors.get(0), true);
        sweep.awaitSight(() -> sweep.output().contains("gets no trial for 30 s"), "executor that is kept from work");
        assertThat(status(folder)).contains("gets no trial (1 place)").contains("File too large");
        FaultyCluster.finish(sweep);

        assertThat(sweep.output())
                .containsPattern(
                        "The executor \\d on \\S+ gets no trial for 30 s: 2 in a row have failed there, the last one by: .*File too large");
        assertThat(events(folder)).contains("\"event\":\"executor_kept\"");
        List<AttemptRow> failed = SweepFolder.of(folder).attempts().stream()
                .filter(row -> row.end() == AttemptRow.End.FAILED)
                .toList();
        // Two, and one that is to find out whether it works again after 30 s.
        assertThat(failed).hasSizeBetween(2, 3).allSatisfy(row -> {
            assertThat(row.host()).isNotEmpty();
            assertThat(row.device()).isEqualTo("cpu");
        });
        assertThat(failed).extracting(AttemptRow::trialId).doesNotHaveDuplicates();
        assertSameNumbersWhereUndisturbed(folder);
        TABLE.add(
                "the disk of one of two executors breaks and stays so",
                "after two failures it gets nothing for 30 s, then one trial at a time; the other executor trains all",
                SweepFolder.of(folder));
    }

    @Test
    void where_nothing_works_anywhere_a_sweep_ends_with_the_reason_and_goes_on_when_that_is_mended() throws Exception {
        Path folder = cluster.newFolder("disks");
        Program sweep = cluster.start(folder, SEVEN_TRIALS);
        sweep.awaitSight(() -> FaultyCluster.executors(cluster.worker()).size() == 2, "two executors");
        for (ProcessHandle executor : FaultyCluster.executors(cluster.worker())) {
            breakDisk(executor, true);
        }
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(sweep.output())
                .containsPattern(
                        "Stopping: \\d trials in a row have failed, and nothing was trained meanwhile; the last"
                                + " one by: .*File too large")
                .contains("0 of 7 trials have a result");
        assertThat(SweepFolder.of(folder).attempts()).hasSizeLessThan(7 * 3);
        TABLE.add(
                "the disks of all executors break",
                "the sweep ends with the reason after three trials",
                SweepFolder.of(folder));

        FaultyCluster.finish(cluster.start(folder, SEVEN_TRIALS));
        assertSameNumbersWhereUndisturbed(folder);
    }

    @Test
    void executors_that_come_late_get_trials_and_lost_ones_lower_the_count() throws Exception {
        Path folder = cluster.newFolder("late");
        Program sweep = cluster.startOnAllCores(
                folder, "--set", "sweep.gamma=[0,1,1e30,0.1,0.2,0.3,0.4,0.5,0.6,0.7]", "--set", "run.slots=0");
        sweep.awaitSight(() -> sweep.output().contains("10 trials to train on 4 slots"), "slot count");
        Server late = cluster.addWorker("late");
        sweep.awaitSight(() -> sweep.output().contains("has come: 8 slots"), "late executors");
        sweep.awaitSight(() -> openTrials(folder) > 5, "trials on late executors");
        late.kill();
        sweep.awaitSight(() -> sweep.output().matches("(?s).* is gone \\(.*\\): 4 slots.*"), "loss of them");
        FaultyCluster.finish(sweep);
        assertThat(SweepFolder.of(folder).attempts())
                .extracting(AttemptRow::end)
                // Spark itself runs a task again whose worker is lost.
                .isSubsetOf(AttemptRow.End.OK, AttemptRow.End.LOST);
        assertSameNumbersWhereUndisturbed(folder);
        TABLE.add(
                "a worker of four executors comes late, and is lost with `kill -9`",
                "its executors get trials; these go on elsewhere, at no attempt's cost",
                SweepFolder.of(folder));
    }

    @Test
    void spark_starts_executors_for_trials_that_wait_and_ends_idle_ones_where_it_is_allowed_to() throws Exception {
        Path folder = cluster.newFolder("growing");
        Program sweep = cluster.startGrowing(folder, 3, "--set", "run.slots=0");
        sweep.awaitSight(() -> sweep.output().contains("has come"), "second executor");
        FaultyCluster.finish(sweep);
        assertThat(sweep.output()).contains("3 trials to train on 3 slots");
        cluster.sameAsUndisturbed(folder);
    }

    @Test
    void an_application_that_is_killed_ends_the_run_at_once_with_a_sentence() throws Exception {
        Path folder = cluster.newFolder("killed");
        Program sweep = cluster.start(folder);
        FaultyCluster.awaitCheckpointsOfTwo(sweep, folder);
        cluster.killApplication();
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(sweep.output())
                .contains("focaldistill sweep: The cluster has ended Spark's application before its work was done")
                .contains("the same command goes on with the others")
                .doesNotContain("this is an error in FocalDistill")
                .doesNotContain("\tat ");
        FaultyCluster.finish(cluster.start(folder));
        cluster.sameAsUndisturbed(folder);
        TABLE.add(
                "the application is killed on the master's page",
                "the run ends with a sentence; the same command goes on, same numbers",
                SweepFolder.of(folder));
    }
}
