package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.testing.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a sweep survives on a standalone cluster of real processes. After every fault the rows are the plan's, no more
 * and no fewer, and the numbers are those of the undisturbed sweep, bit for bit. Prints MEASURED.md's table of faults.
 */
@Tag("slow")
class FaultsTest {
    private static final FaultTable TABLE = new FaultTable();

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

    @Test
    void a_poisoned_trial_is_a_row_and_its_neighbours_are_sound() throws IOException {
        assertThat(cluster.undisturbed().values())
                .filteredOn(row -> row.trial().loss().weights().gamma() > 1)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo(TrialStatus.DIVERGED);
                    assertThat(row.statusDetail()).contains("not finite at step");
                });
        assertThat(cluster.undisturbed().values())
                .filteredOn(row -> row.status() == TrialStatus.OK)
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.epochsDone()).isEqualTo(8));
        SweepFolder.of(cluster.common()).assertExactlyThePlansRows();
        assertThat(SweepFolder.of(cluster.common()).checkpoints()).isEmpty();
        TABLE.add(
                "a trial that becomes NaN",
                "it is DIVERGED with its step, the others go on",
                SweepFolder.of(cluster.common()));
    }

    @Test
    void a_killed_executor_costs_the_epochs_since_the_last_checkpoint() throws Exception {
        Path folder = cluster.newFolder("executor");
        Program sweep = cluster.start(folder);
        FaultyCluster.awaitCheckpointsOfTwo(sweep, folder);
        List<ProcessHandle> executors = FaultyCluster.executors(cluster.worker());
        assertThat(executors).hasSize(2);
        // Into their next legs.
        Thread.sleep(300);
        Map<String, Integer> reached = FaultyCluster.newestEpochs(folder);
        assertThat(executors.get(0).destroyForcibly()).isTrue();
        while (sweep.isRunning()) {
            FaultyCluster.newestEpochs(folder)
                    .forEach((trial, epoch) -> assertThat(epoch)
                            .as("newest checkpoint of " + trial)
                            .isGreaterThanOrEqualTo(reached.getOrDefault(trial, 0)));
            Thread.sleep(20);
        }
        FaultyCluster.finish(sweep);
        assertThat(SweepFolder.of(folder).attempts())
                .extracting(AttemptRow::end)
                // Nothing is lost if it has just gone from one leg to the next.
                .isSubsetOf(AttemptRow.End.LOST, AttemptRow.End.OK);
        cluster.sameAsUndisturbed(folder);
        TABLE.add(
                "`kill -9` of an executor in mid-trial",
                "its trial goes on from its last checkpoint, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_killed_worker_takes_its_executors_with_it_and_another_one_goes_on() throws Exception {
        Path folder = cluster.newFolder("worker");
        Server doomed = cluster.addWorker("doomed");
        Program sweep = cluster.start(folder);
        FaultyCluster.awaitCheckpointsOfTwo(sweep, folder);
        List<ProcessHandle> executors = FaultyCluster.executors(doomed);
        assertThat(executors).hasSize(1);
        doomed.kill();
        FaultyCluster.finish(sweep);
        assertThat(executors).noneMatch(ProcessHandle::isAlive);
        cluster.sameAsUndisturbed(folder);
        TABLE.add(
                "`kill -9` of one of two workers",
                "the other one gets its trial, which goes on from its last checkpoint, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void an_executor_without_onednn_gets_nothing_and_where_it_is_wanted_is_warned_of_and_in_the_report()
            throws Exception {
        Path folder = cluster.newFolder("slow");
        String[] twoShortTrials = {"--set", "sweep.gamma=[0,1]", "--set", "recipe.epochs=1"};
        String why = "the system property focaldistill.kernels=nd4j rules oneDNN out";
        try (Server slow = cluster.addSlowWorker("slow")) {
            assertThat(slow.process().isAlive()).isTrue();
            Program without = cluster.start(folder, twoShortTrials);
            FaultyCluster.finish(without);
            assertThat(without.output())
                    .containsPattern("Executor [01] on \\S+ would train slowly, without oneDNN: " + why
                            + "\\. Nothing is run there, the others go on")
                    .containsPattern("Networks run on onednn \\S+ \\(\\S+\\).*\\R")
                    .doesNotContain("not all computed alike");
            TABLE.add(
                    "an executor that can not use oneDNN",
                    "it gets no trial, with the reason; with `run.slowKernels = warn` the sweep says so at both ends and"
                            + " in the report",
                    SweepFolder.of(folder));

            String reason = "No oneDNN in executor [01] on \\S+: " + why
                    + "\\. ND4J's own operations train up to 37 times slower";
            Program warned = cluster.start(
                    cluster.newFolder("warned"),
                    Stream.concat(Stream.of(twoShortTrials), Stream.of("--set", "run.slowKernels=warn"))
                            .toArray(String[]::new));
            FaultyCluster.finish(warned);
            assertThat(warned.output())
                    .containsPattern("Networks run on nd4j operations on CpuBackend in executor [01] on \\S+; onednn")
                    .containsPattern("(?s)WARNING: " + reason + ".*trials have a result.*\\RWARNING: " + reason)
                    .contains("These trials were not all computed alike: 1 by");
        }
    }

    @Test
    void where_nothing_can_use_onednn_a_sweep_is_refused() throws Exception {
        Path folder = cluster.newFolder("all-slow");
        Program refused = Program.start(
                folder,
                Map.of(),
                List.of("spark.master=local[1]", "focaldistill.kernels=nd4j"),
                "sweep",
                "-c",
                cluster.config(folder));
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(refused.output()).contains("No oneDNN in the driver: ").contains("--set run.slowKernels=warn");
        assertThat(folder.resolve("results/trials")).doesNotExist();
    }

    @Test
    void a_killed_driver_leaves_no_executor_behind_and_a_second_run_goes_on() throws Exception {
        Path folder = cluster.newFolder("driver");
        Program first = cluster.start(folder);
        FaultyCluster.awaitCheckpointsOfTwo(first, folder);
        // The first one's work stands still meanwhile, so that it is not over before the second has come.
        List<ProcessHandle> executors = FaultyCluster.executors(cluster.worker());
        FaultyCluster.signal("STOP", executors);
        Program other = Program.start(folder, "sweep", "-c", cluster.config(folder));
        assertThat(other.exitCode()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(other.output())
                .contains("Cannot write to")
                .contains(System.getProperty("user.name") + " does, in process " + first.pid());
        first.kill();
        FaultyCluster.signal("CONT", executors);
        cluster.awaitNoExecutors();
        assertThat(SweepFolder.of(folder).rows()).hasSizeLessThan(3);

        FaultyCluster.finish(cluster.start(folder));
        cluster.sameAsUndisturbed(folder);
        TABLE.add(
                "a second driver on the same results",
                "it is refused with user, process and host of the first, which goes on",
                SweepFolder.of(folder));
        TABLE.add(
                "`kill -9` of the driver, and the same command again",
                "unfinished trials go on from their last checkpoint, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void trials_on_two_slots_each_survive_a_killed_executor() throws Exception {
        String[] onTwoSlots = {
            "--set",
            "sweep.workersPerTrial=2",
            "--set",
            "sweep.averagingFrequency=3",
            "--set",
            "sweep.gamma=[1]",
            "--set",
            "recipe.epochs=5",
            "--set",
            "run.checkpointEpochs=1"
        };
        Path calm = cluster.newFolder("averaging");
        FaultyCluster.finish(cluster.start(calm, onTwoSlots));
        Path folder = cluster.newFolder("averaging-executor");
        Program sweep = cluster.start(folder, onTwoSlots);
        sweep.awaitSight(() -> FaultyCluster.newestEpochs(folder).size() == 1, "checkpoint");
        assertThat(FaultyCluster.executors(cluster.worker()).get(0).destroyForcibly())
                .isTrue();
        FaultyCluster.finish(sweep);
        SweepFolder.of(folder).assertExactlyThePlansRows();
        SweepFolder.of(folder).assertSameNumbersAs(SweepFolder.of(calm));
        TABLE.add(
                "`kill -9` of an executor, two slots a trial",
                "the trial goes on from its last checkpoint, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_shard_that_comes_back_after_two_failures_costs_two_attempts() throws Exception {
        Path folder = cluster.newFolder("absent");
        FaultyCluster.copy(cluster.common().resolve("data"), folder.resolve("data"));
        Path shard = FaultyCluster.aShard(folder);
        Path away = folder.resolve("away");
        Files.move(shard, away);
        Program sweep = cluster.start(folder, "--set", "paths.data=" + folder.resolve("data"));
        sweep.awaitSight(
                () -> SweepFolder.of(folder).attempts().stream().anyMatch(row -> row.attempt() == 2), "second attempt");
        Files.move(away, shard);
        FaultyCluster.finish(sweep);
        Map<String, List<AttemptRow.End>> ends = SweepFolder.of(folder).attempts().stream()
                .collect(Collectors.groupingBy(
                        AttemptRow::trialId, Collectors.mapping(AttemptRow::end, Collectors.toList())));
        assertThat(ends.values()).contains(List.of(AttemptRow.End.FAILED, AttemptRow.End.FAILED, AttemptRow.End.OK));
        cluster.sameAsUndisturbed(folder);
        TABLE.add(
                "a shard is missing, and back after two attempts",
                "the third attempts have it, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_corrupt_shard_is_named_keeps_what_is_finished_and_is_mended_by_preparing_again() throws Exception {
        Path folder = cluster.newFolder("shard");
        String open = cluster.allButOneFinished(folder, TrialStatus.DIVERGED);
        FaultyCluster.copy(cluster.common().resolve("data"), folder.resolve("data"));
        Path shard = FaultyCluster.aShard(folder);
        FaultyCluster.flipAByte(shard);
        String[] options = {"--set", "paths.data=" + folder.resolve("data")};
        Program sweep = cluster.start(folder, options);
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(1);
        assertThat(sweep.output())
                .contains(shard + " is damaged: its SHA-256 is")
                .contains("Delete its folder and run 'focaldistill prepare' again")
                .contains("2 of 3 trials have a result");
        // One of run.attempts: what is damaged would be the next time, too.
        assertThat(SweepFolder.of(folder).attempts())
                .extracting(AttemptRow::end)
                .containsExactly(AttemptRow.End.FAILED);
        assertThat(SweepFolder.of(folder).rows())
                .doesNotContainKey(open)
                .hasSize(2)
                .allSatisfy((id, row) ->
                        assertThat(row).isEqualTo(cluster.undisturbed().get(id)));

        FaultyCluster.delete(folder.resolve("data"));
        String images = cluster.common().resolve("images").toString();
        String[] prepare = {
            "prepare", "-c", cluster.config(folder), "--set", "paths.data=" + folder.resolve("data"), "--from", images
        };
        assertThat(Program.run(folder, prepare)).isZero();
        FaultyCluster.finish(cluster.start(folder, options));
        cluster.sameAsUndisturbed(folder);
        TABLE.add(
                "a changed byte in a shard",
                "the trials without a result fail and name it; prepared again, they are trained, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_corrupt_page_of_the_bank_is_made_anew() throws Exception {
        Path folder = cluster.newFolder("bank");
        String open = cluster.allButOneFinished(folder, TrialStatus.DIVERGED);
        assertThat(cluster.undisturbed()).containsKey(open);
        FaultyCluster.copy(cluster.common().resolve("bank"), folder.resolve("bank"));
        // Every leg needs the held-out images.
        Path page;
        try (Stream<Path> files = Files.walk(folder.resolve("bank"))) {
            page = files.filter(file -> file.getFileName().toString().contains("held-out"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] sound = Files.readAllBytes(page);
        FaultyCluster.flipAByte(page);
        Program sweep = cluster.start(folder, "--set", "paths.bank=" + folder.resolve("bank"));
        FaultyCluster.finish(sweep);
        assertThat(sweep.output().lines().filter(line -> line.matches("bank of resnet8: .* made in .*")))
                .hasSize(1);
        assertThat(Files.readAllBytes(page)).isEqualTo(sound);
        cluster.sameAsUndisturbed(folder);
        TABLE.add("a changed byte in a file of the bank", "it is made anew, same numbers", SweepFolder.of(folder));
    }

    @Test
    void a_corrupt_checkpoint_gives_way_to_the_one_before() throws Exception {
        Path folder = cluster.newFolder("checkpoint");
        Program first = cluster.start(folder);
        first.awaitSight(
                () -> FaultyCluster.checkpointsByTrial(folder).values().stream().anyMatch(files -> files.size() == 2),
                "two");
        first.kill();
        cluster.awaitNoExecutors();
        List<Path> newest = FaultyCluster.checkpointsByTrial(folder).values().stream()
                .filter(files -> files.size() == 2)
                .findFirst()
                .orElseThrow();
        FaultyCluster.flipAByte(newest.get(1));
        FaultyCluster.finish(cluster.start(folder));
        cluster.sameAsUndisturbed(folder);
        assertThat(FaultyCluster.logsOf(cluster.worker()))
                .contains("Going back to an older checkpoint. Cannot go on from file:" + newest.get(1))
                .contains("it was damaged");
        TABLE.add(
                "a changed byte in the newest checkpoint",
                "the trial goes on from the one before, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_half_written_commit_is_no_result_and_is_done_again() throws Exception {
        Path folder = cluster.newFolder("commit");
        String open = cluster.allButOneFinished(folder, TrialStatus.OK);
        Path results = folder.resolve("results");
        // As if the driver's machine had gone down between the epochs' file and the trial's.
        byte[] trial = Files.readAllBytes(cluster.common().resolve("results/trials/" + open + ".parquet"));
        Files.write(results.resolve("trials/." + open + ".parquet.1234.tmp"), FaultyCluster.halfOf(trial));
        Path epochs = results.resolve("epochs/" + open + ".parquet");
        Files.write(epochs, FaultyCluster.halfOf(Files.readAllBytes(epochs)));
        Files.delete(results.resolve("reliability/" + open + ".parquet"));
        assertThat(SweepFolder.of(folder).rows()).hasSize(2);
        assertThat(SweepFolder.of(folder).store().epochs())
                .noneMatch(row -> row.trialId().equals(open));

        Program sweep = cluster.start(folder);
        FaultyCluster.finish(sweep);
        assertThat(sweep.output()).contains("3 trials, 2 of them finished earlier");
        assertThat(SweepFolder.of(folder).store().epochs())
                .filteredOn(row -> row.trialId().equals(open))
                .hasSize(8);
        cluster.sameAsUndisturbed(folder);
        TABLE.add(
                "a commit that was half written",
                "readers do not see it; that trial alone is trained again, same numbers",
                SweepFolder.of(folder));
    }
}
