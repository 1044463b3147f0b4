package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.testing.Server;
import org.focaldistill.testing.StandaloneCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a sweep survives on a standalone cluster of real processes. After every fault the rows are the plan's, no more
 * and no fewer, and the numbers are those of the undisturbed sweep, bit for bit. Prints MEASURED.md's table of faults.
 */
class FaultsTest {
    /** Two trials side by side, and a third that diverges at once. */
    private static final String CONFIG = """
            focaldistill {
              paths { root = "%1$s", data = "%2$s/data", teachers = "%2$s/teachers", bank = "%2$s/bank" }
              data { validation = 60, trainImages = 400, testImages = 100 }
              generated { trainImages = 400, testImages = 100 }
              teachers { small { model = resnet8, recipe { epochs = 1 } } }
              teacher.train = true
              sweep {
                pairs = [{ teacher = small, student = resnet8 }]
                alpha = [0.1]
                gamma = [0, 1, 1e30]
                baselines = []
                references = []
              }
              recipe { epochs = 8, batchSize = 32 }
              run { checkpointEpochs = 2, slots = 2 }
            }
            """;

    private static final FaultTable TABLE = new FaultTable();

    @TempDir
    private static Path shared;

    private static Path common;
    private static StandaloneCluster cluster;
    private static Server worker;
    private static Map<String, TrialOutcome> undisturbed;

    @BeforeAll
    static void an_undisturbed_sweep() throws Exception {
        cluster = new StandaloneCluster(Files.createDirectories(shared.resolve("cluster")));
        worker = cluster.worker("worker");
        common = newFolder("undisturbed");
        assertThat(Program.run(common, "generate", "images", "-c", config(common)))
                .isZero();
        assertThat(Program.run(common, "prepare", "-c", config(common), "--from", "images"))
                .isZero();
        finish(start(common));
        undisturbed = SweepFolder.of(common).rows();
        assertThat(undisturbed).hasSize(3);
    }

    @AfterAll
    static void stop() {
        System.out.println(TABLE);
        Stream.of(worker, cluster).filter(part -> part != null).forEach(part -> {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void a_poisoned_trial_is_a_row_and_its_neighbours_are_sound() throws IOException {
        assertThat(undisturbed.values())
                .filteredOn(row -> row.trial().loss().weights().gamma() > 1)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo(TrialStatus.DIVERGED);
                    assertThat(row.statusDetail()).contains("not finite at step");
                });
        assertThat(undisturbed.values())
                .filteredOn(row -> row.status() == TrialStatus.OK)
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.epochsDone()).isEqualTo(8));
        SweepFolder.of(common).assertExactlyThePlansRows();
        assertThat(SweepFolder.of(common).checkpoints()).isEmpty();
        TABLE.add("a trial that becomes NaN", "it is DIVERGED with its step, the others go on", SweepFolder.of(common));
    }

    @Test
    void a_killed_executor_costs_the_epochs_since_the_last_checkpoint() throws Exception {
        Path folder = newFolder("executor");
        Program sweep = start(folder);
        awaitCheckpointsOfTwo(sweep, folder);
        List<ProcessHandle> executors = executors(worker);
        assertThat(executors).hasSize(2);
        // Into their next legs.
        Thread.sleep(300);
        Map<String, Integer> reached = newestEpochs(folder);
        assertThat(executors.get(0).destroyForcibly()).isTrue();
        while (sweep.isRunning()) {
            newestEpochs(folder)
                    .forEach((trial, epoch) -> assertThat(epoch)
                            .as("newest checkpoint of " + trial)
                            .isGreaterThanOrEqualTo(reached.getOrDefault(trial, 0)));
            Thread.sleep(20);
        }
        finish(sweep);
        assertThat(SweepFolder.of(folder).attempts())
                .extracting(AttemptRow::end)
                // Nothing is lost if it has just gone from one leg to the next.
                .isSubsetOf(AttemptRow.End.LOST, AttemptRow.End.OK);
        sameAsUndisturbed(folder);
        TABLE.add(
                "`kill -9` of an executor in mid-trial",
                "its trial goes on from its last checkpoint, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_killed_worker_takes_its_executors_with_it_and_another_one_goes_on() throws Exception {
        Path folder = newFolder("worker");
        Server doomed = cluster.worker("doomed");
        Program sweep = start(folder);
        awaitCheckpointsOfTwo(sweep, folder);
        List<ProcessHandle> executors = executors(doomed);
        assertThat(executors).hasSize(1);
        doomed.kill();
        finish(sweep);
        assertThat(executors).noneMatch(ProcessHandle::isAlive);
        sameAsUndisturbed(folder);
        TABLE.add(
                "`kill -9` of one of two workers",
                "the other one gets its trial, which goes on from its last checkpoint, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_killed_driver_leaves_no_executor_behind_and_a_second_run_goes_on() throws Exception {
        Path folder = newFolder("driver");
        Program first = start(folder);
        awaitCheckpointsOfTwo(first, folder);
        // The first one's work stands still meanwhile, so that it is not over before the second has come.
        List<ProcessHandle> executors = executors(worker);
        signal("STOP", executors);
        Program other = Program.start(folder, "sweep", "-c", config(folder));
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.output())
                .contains("Cannot write to")
                .contains(System.getProperty("user.name") + " does, in process " + first.pid());
        first.kill();
        signal("CONT", executors);
        awaitNoExecutors();
        assertThat(SweepFolder.of(folder).rows()).hasSizeLessThan(3);

        finish(start(folder));
        sameAsUndisturbed(folder);
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
        Path calm = newFolder("averaging");
        finish(start(calm, onTwoSlots));
        Path folder = newFolder("averaging-executor");
        Program sweep = start(folder, onTwoSlots);
        sweep.awaitSight(() -> newestEpochs(folder).size() == 1, "checkpoint");
        assertThat(executors(worker).get(0).destroyForcibly()).isTrue();
        finish(sweep);
        SweepFolder.of(folder).assertExactlyThePlansRows();
        SweepFolder.of(folder).assertSameNumbersAs(SweepFolder.of(calm));
        TABLE.add(
                "`kill -9` of an executor, two slots a trial",
                "the trial goes on from its last checkpoint, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_shard_that_comes_back_after_two_failures_costs_two_attempts() throws Exception {
        Path folder = newFolder("absent");
        copy(common.resolve("data"), folder.resolve("data"));
        Path shard = aShard(folder);
        Path away = folder.resolve("away");
        Files.move(shard, away);
        Program sweep = start(folder, "--set", "paths.data=" + folder.resolve("data"));
        sweep.awaitSight(
                () -> SweepFolder.of(folder).attempts().stream().anyMatch(row -> row.attempt() == 2), "second attempt");
        Files.move(away, shard);
        finish(sweep);
        Map<String, List<AttemptRow.End>> ends = SweepFolder.of(folder).attempts().stream()
                .collect(Collectors.groupingBy(
                        AttemptRow::trialId, Collectors.mapping(AttemptRow::end, Collectors.toList())));
        assertThat(ends.values()).contains(List.of(AttemptRow.End.FAILED, AttemptRow.End.FAILED, AttemptRow.End.OK));
        sameAsUndisturbed(folder);
        TABLE.add(
                "a shard is missing, and back after two attempts",
                "the third attempts have it, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_corrupt_shard_is_named_keeps_what_is_finished_and_is_mended_by_preparing_again() throws Exception {
        Path folder = newFolder("shard");
        String open = allButOneFinished(folder, TrialStatus.DIVERGED);
        copy(common.resolve("data"), folder.resolve("data"));
        Path shard = aShard(folder);
        flipAByte(shard);
        String[] options = {"--set", "paths.data=" + folder.resolve("data")};
        Program sweep = start(folder, options);
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
                .allSatisfy((id, row) -> assertThat(row).isEqualTo(undisturbed.get(id)));

        delete(folder.resolve("data"));
        String images = common.resolve("images").toString();
        String[] prepare = {
            "prepare", "-c", config(folder), "--set", "paths.data=" + folder.resolve("data"), "--from", images
        };
        assertThat(Program.run(folder, prepare)).isZero();
        finish(start(folder, options));
        sameAsUndisturbed(folder);
        TABLE.add(
                "a changed byte in a shard",
                "the trials without a result fail and name it; prepared again, they are trained, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_corrupt_page_of_the_bank_is_made_anew() throws Exception {
        Path folder = newFolder("bank");
        String open = allButOneFinished(folder, TrialStatus.DIVERGED);
        assertThat(undisturbed).containsKey(open);
        copy(common.resolve("bank"), folder.resolve("bank"));
        // Every leg needs the held-out images.
        Path page;
        try (Stream<Path> files = Files.walk(folder.resolve("bank"))) {
            page = files.filter(file -> file.getFileName().toString().contains("held-out"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] sound = Files.readAllBytes(page);
        flipAByte(page);
        Program sweep = start(folder, "--set", "paths.bank=" + folder.resolve("bank"));
        finish(sweep);
        assertThat(sweep.output().lines().filter(line -> line.matches("bank of resnet8: .* made in .*")))
                .hasSize(1);
        assertThat(Files.readAllBytes(page)).isEqualTo(sound);
        sameAsUndisturbed(folder);
        TABLE.add("a changed byte in a file of the bank", "it is made anew, same numbers", SweepFolder.of(folder));
    }

    @Test
    void a_corrupt_checkpoint_gives_way_to_the_one_before() throws Exception {
        Path folder = newFolder("checkpoint");
        Program first = start(folder);
        first.awaitSight(
                () -> checkpointsByTrial(folder).values().stream().anyMatch(files -> files.size() == 2), "two");
        first.kill();
        awaitNoExecutors();
        List<Path> newest = checkpointsByTrial(folder).values().stream()
                .filter(files -> files.size() == 2)
                .findFirst()
                .orElseThrow();
        flipAByte(newest.get(1));
        finish(start(folder));
        sameAsUndisturbed(folder);
        assertThat(logsOf(worker))
                .contains("Going back to an older checkpoint. Cannot go on from file:" + newest.get(1))
                .contains("it was damaged");
        TABLE.add(
                "a changed byte in the newest checkpoint",
                "the trial goes on from the one before, same numbers",
                SweepFolder.of(folder));
    }

    @Test
    void a_half_written_commit_is_no_result_and_is_done_again() throws Exception {
        Path folder = newFolder("commit");
        String open = allButOneFinished(folder, TrialStatus.OK);
        Path results = folder.resolve("results");
        // As if the driver's machine had gone down between the epochs' file and the trial's.
        byte[] trial = Files.readAllBytes(common.resolve("results/trials/" + open + ".parquet"));
        Files.write(results.resolve("trials/." + open + ".parquet.1234.tmp"), halfOf(trial));
        Path epochs = results.resolve("epochs/" + open + ".parquet");
        Files.write(epochs, halfOf(Files.readAllBytes(epochs)));
        Files.delete(results.resolve("reliability/" + open + ".parquet"));
        assertThat(SweepFolder.of(folder).rows()).hasSize(2);
        assertThat(SweepFolder.of(folder).store().epochs())
                .noneMatch(row -> row.trialId().equals(open));

        Program sweep = start(folder);
        finish(sweep);
        assertThat(sweep.output()).contains("3 trials, 2 of them finished earlier");
        assertThat(SweepFolder.of(folder).store().epochs())
                .filteredOn(row -> row.trialId().equals(open))
                .hasSize(8);
        sameAsUndisturbed(folder);
        TABLE.add(
                "a commit that was half written",
                "readers do not see it; that trial alone is trained again, same numbers",
                SweepFolder.of(folder));
    }

    private static void sameAsUndisturbed(Path folder) throws IOException {
        SweepFolder found = SweepFolder.of(folder);
        found.assertExactlyThePlansRows();
        found.assertSameNumbersAs(undisturbed);
        assertThat(found.checkpoints()).isEmpty();
    }

    private static Path newFolder(String name) throws IOException {
        return Files.createDirectories(shared.resolve(name));
    }

    private static String config(Path folder) throws IOException {
        Path file = folder.resolve("sweep.conf");
        Files.writeString(file, CONFIG.formatted(folder, common), StandardCharsets.UTF_8);
        return file.toString();
    }

    /** Starts a sweep whose two executors, of a core each, are on the cluster. */
    private static Program start(Path folder, String... options) throws IOException {
        List<String> settings = List.of(
                "spark.master=" + cluster.url(),
                "spark.driver.host=127.0.0.1",
                "spark.executor.memory=512m",
                "spark.executor.cores=1",
                "spark.cores.max=2",
                "spark.executor.extraClassPath=" + System.getProperty("java.class.path"));
        String[] arguments = Stream.concat(Stream.of("sweep", "-c", config(folder)), Stream.of(options))
                .toArray(String[]::new);
        return Program.start(folder, Map.of("SPARK_LOCAL_IP", "127.0.0.1"), settings, arguments);
    }

    private static void finish(Program sweep) throws IOException, InterruptedException {
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
    }

    private static void awaitCheckpointsOfTwo(Program sweep, Path folder) throws IOException, InterruptedException {
        sweep.awaitSight(() -> newestEpochs(folder).size() == 2, "checkpoint of both trials");
    }

    private static Map<String, Integer> newestEpochs(Path folder) throws IOException {
        Map<String, Integer> newest = new HashMap<>();
        checkpointsByTrial(folder)
                .forEach((trial, files) -> newest.put(
                        trial,
                        Integer.valueOf(files.get(files.size() - 1)
                                .getFileName()
                                .toString()
                                .replaceAll("\\D", ""))));
        return newest;
    }

    /** Each trial's, the newest last. */
    private static Map<String, List<Path>> checkpointsByTrial(Path folder) throws IOException {
        Map<String, List<Path>> files = new HashMap<>();
        SweepFolder.of(folder).checkpoints().stream()
                .map(file -> Path.of(file.toUri().getPath()))
                .sorted()
                .forEach(file -> files.computeIfAbsent(
                                file.getParent().getFileName().toString(), trial -> new ArrayList<>())
                        .add(file));
        return files;
    }

    private static List<ProcessHandle> executors(Server ofWorker) {
        return ofWorker.process()
                .toHandle()
                .children()
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException, InterruptedException {
        for (ProcessHandle process : processes) {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        }
    }

    /** They end by themselves when their driver is gone. */
    private static void awaitNoExecutors() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!executors(worker).isEmpty()) {
            assertThat(System.nanoTime()).as("executors have ended").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** What its executors printed. */
    private static String logsOf(Server ofWorker) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(ofWorker.log().resolveSibling("worker"))) {
            for (Path file : files.filter(file -> file.endsWith("stderr")).toList()) {
                text.append(Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    /** Puts the undisturbed sweep's results there, except the commit of one trial, which is returned. */
    private static String allButOneFinished(Path folder, TrialStatus ofStatus) throws IOException {
        String open = undisturbed.values().stream()
                .filter(row -> row.status() == ofStatus)
                .map(row -> row.trial().id())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        copy(common.resolve("results"), folder.resolve("results"));
        Files.delete(folder.resolve("results/trials/" + open + ".parquet"));
        delete(folder.resolve("results/attempts"));
        return open;
    }

    private static Path aShard(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static void flipAByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - bytes.length / 3] ^= 1;
        Files.write(file, bytes);
    }

    private static byte[] halfOf(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
