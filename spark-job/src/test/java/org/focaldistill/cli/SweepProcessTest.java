package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.testing.SlowDisk;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole sweeps in processes of their own: undisturbed, killed, interrupted, and with a trial that can not work. */
@Tag("slow")
class SweepProcessTest {
    private static final String CONFIG = """
        focaldistill {
          paths { root = "%s", data = "%s/data", teachers = "%s/teachers" }
          data { validation = 60, trainImages = 400, testImages = 100 }
          generated { trainImages = 400, testImages = 100 }
          teachers { small { model = resnet8, recipe { epochs = 1 } } }
          teacher.train = true
          sweep {
            pairs = [{ teacher = small, student = resnet8 }]
            alpha = [0, 0.1]
            gamma = [0, 1]
            references = []
          }
          recipe { epochs = 4, batchSize = 32 }
          run { checkpointEpochs = 1, slots = 2 }
        }
        """;

    /** A small one and one that takes some hundred megabytes. */
    private static final List<String> TWO_STUDENTS = List.of(
            "--set",
            "sweep.pairs=[{ teacher = small, student = resnet8 }, { teacher = small, student = ShuffleV1 }]",
            "--set",
            "sweep.alpha=[0.1]",
            "--set",
            "sweep.gamma=[0]",
            "--set",
            "sweep.baselines=[]",
            "--set",
            "recipe.epochs=1",
            "--set",
            "run.attempts=1");

    @TempDir
    static Path shared;

    @BeforeAll
    static void prepare_images_teacher_and_an_undisturbed_run() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("undisturbed"));
        assertThat(Program.run(folder, "generate", "images", "-c", config(folder)))
                .isZero();
        assertThat(Program.run(folder, "prepare", "-c", config(folder), "--from", "images"))
                .isZero();
        Program sweep = Program.start(folder, "sweep", "-c", config(folder));
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        assertThat(sweep.output())
                .contains("Training the missing teacher small")
                .contains("Teacher small (resnet8): test top-1")
                .contains("Bank of small: 6 files, 0.4 MB; 6 of them, 0.4 MB, are to be made")
                .contains("5 of 5 trials have a result")
                .contains("generated");
    }

    @Test
    void an_undisturbed_sweep_has_a_row_for_every_planned_trial() throws IOException {
        Map<String, TrialOutcome> rows = rows(shared.resolve("undisturbed"));
        assertThat(rows).hasSize(5);
        assertThat(rows.values()).allSatisfy(row -> {
            assertThat(row.status()).isEqualTo(TrialStatus.OK);
            assertThat(row.epochsDone()).isEqualTo(4);
            assertThat(row.trial().data().generated()).isTrue();
            assertThat(Path.of(URI.create(row.studentUri()))).exists();
        });
    }

    @Test
    void what_starts_and_ends_is_in_the_event_logs() throws IOException {
        Path folder = shared.resolve("undisturbed");
        List<String> teacher = events(folder.resolve("teachers"));
        assertThat(teacher).hasSize(2);
        assertThat(teacher.get(0)).contains("\"event\":\"teacher_started\"").contains("\"teacher\":\"small\"");
        assertThat(teacher.get(1)).contains("\"event\":\"teacher_ended\"").contains("\"status\":\"OK\"");

        List<String> sweep = events(folder.resolve("results"));
        assertThat(sweep.get(0)).contains("\"event\":\"sweep_started\"").contains("\"to_train\":5");
        for (String id : rows(folder).keySet()) {
            assertThat(sweep.stream()
                            .filter(line -> line.contains("\"trial_id\":\"" + id + "\""))
                            .map(line -> line.replaceFirst(".*\"event\":\"(\\w+)\".*", "$1")))
                    .containsExactly(
                            "trial_started",
                            "leg_ended",
                            "leg_ended",
                            "leg_ended",
                            "leg_ended",
                            "attempt_ended",
                            "trial_ended");
        }
        assertThat(sweep).filteredOn(line -> line.contains("bank_file_made")).hasSize(6);
        assertThat(sweep.stream().filter(line -> line.contains("sweep_ended")).findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("\"finished\":5,\"failed\":0"));
    }

    /** Lines of all runs, the earliest first. */
    private static List<String> events(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("events"))) {
            for (Path file : files.sorted().toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    @Test
    void a_finished_sweep_run_again_trains_nothing() throws Exception {
        Path folder = shared.resolve("undisturbed");
        Map<String, TrialOutcome> before = rows(folder);
        Program again = Program.start(folder, "sweep", "-c", config(folder));
        assertThat(again.exitCode()).isZero();
        assertThat(again.output()).contains("5 trials, 5 of them finished earlier");
        assertThat(rows(folder)).isEqualTo(before);
    }

    @Test
    void trials_added_later_use_the_bank_and_damaged_files_of_it_are_made_anew() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("damaged-bank"));
        String[] oneEpoch = {"sweep", "-c", config(folder), "--set", "recipe.epochs=1", "--set", "sweep.gamma=[0]"};
        assertThat(Program.run(folder, oneEpoch)).isZero();
        Map<Path, Integer> sound = bankFiles(folder);
        assertThat(sound).hasSize(3);
        for (Path file : sound.keySet()) {
            Files.write(file, "no logits".getBytes(StandardCharsets.UTF_8));
        }

        Program again = Program.start(
                folder,
                Stream.concat(Stream.of(oneEpoch), Stream.of("--set", "sweep.initSeeds=2"))
                        .toArray(String[]::new));
        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(again.output()).contains("Bank of small: 3 files, 0.1 MB; 0 of them");
        assertThat(again.output().lines().filter(line -> line.matches("bank of resnet8: .* made in .*")))
                .hasSize(3);
        assertThat(bankFiles(folder)).containsExactlyInAnyOrderEntriesOf(sound);
    }

    /** Each file and a hash of its bytes. */
    private static Map<Path, Integer> bankFiles(Path folder) throws IOException {
        Map<Path, Integer> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(folder.resolve("bank"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file, Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    @Test
    void a_sweep_killed_half_way_trains_only_the_missing_and_ends_with_the_same_numbers() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("killed"));
        Program first = Program.start(folder, "sweep", "-c", config(folder));
        first.awaitSight(() -> files(folder.resolve("results/trials")) > 0, "finished trial");
        first.kill();
        Map<String, TrialOutcome> survived = rows(folder);
        assertThat(survived).hasSizeBetween(1, 4);

        Program second = Program.start(folder, "sweep", "-c", config(folder));
        assertThat(second.exitCode()).as(second.output()).isZero();
        assertThat(second.output()).contains("5 trials, " + survived.size() + " of them finished earlier");
        assertThat(rows(folder)).containsAllEntriesOf(survived);
        SweepFolder.of(folder).assertSameNumbersAs(SweepFolder.of(shared.resolve("undisturbed")));
    }

    @Test
    void ctrl_c_twice_ends_at_once_and_once_waits_for_a_slow_disk_and_the_next_run_goes_on_after_either()
            throws Exception {
        Path folder = Files.createDirectories(shared.resolve("interrupted"));
        Path slow = folder.resolve("slow");
        Program twice = startWhereDiskIsSlowWhile(slow, folder);
        twice.awaitSight(() -> !checkpoints(folder).isEmpty(), "checkpoint");
        Files.createFile(slow);
        twice.awaitSight(() -> isWritingCheckpoint(twice, folder), "checkpoint that the disk keeps waiting");
        Map<String, Integer> saved = FaultyCluster.newestEpochs(folder);
        twice.interrupt();
        Thread.sleep(1500);
        assertThat(twice.isRunning()).isTrue();
        twice.interrupt();
        long signalled = System.nanoTime();
        assertThat(twice.exitCode()).as(twice.output()).isEqualTo(130);
        assertThat(Duration.ofNanos(System.nanoTime() - signalled)).isLessThan(Duration.ofSeconds(2));
        assertThat(FaultyCluster.newestEpochs(folder)).isEqualTo(saved);
        assertThat(unpublished(folder)).isNotEmpty();
        Files.delete(slow);

        Program first = startWhereDiskIsSlowWhile(slow, folder);
        first.awaitSight(() -> isBeyond(saved, FaultyCluster.newestEpochs(folder)), "checkpoint");
        first.awaitSight(() -> unpublished(folder).stream().noneMatch(file -> isOf(twice, file)), "sweeping");
        Files.createFile(slow);
        first.awaitSight(() -> isWritingCheckpoint(first, folder), "checkpoint that the disk keeps waiting");
        Map<String, Integer> before = FaultyCluster.newestEpochs(folder);
        first.signal("TERM");
        // Three times what the disk of a test gives to hooks without a time of their own.
        Thread.sleep(3000);
        assertThat(first.isRunning()).as(first.output()).isTrue();
        assertThat(folder.resolve("results/_lease.json")).exists();
        Files.delete(slow);
        assertThat(first.exitCode()).as(first.output()).isEqualTo(130);
        assertThat(isBeyond(before, FaultyCluster.newestEpochs(folder))).isTrue();
        assertThat(first.output())
                .contains(
                        "Stopping: running legs save their last completed epoch, for up to a minute. Ctrl-C again ends")
                .doesNotContain("WARN", "ERROR", "\tat ");
        assertThat(folder.resolve("results/_lease.json")).doesNotExist();
        assertThat(attempts(folder))
                .anySatisfy(attempt -> assertThat(attempt.end()).isEqualTo(AttemptRow.End.STOPPED));
        assertThat(checkpoints(folder)).isNotEmpty();

        Program second = Program.start(folder, longTrials(folder));
        assertThat(second.exitCode()).as(second.output()).isZero();
        Path undisturbed = Files.createDirectories(shared.resolve("not-interrupted"));
        assertThat(Program.run(undisturbed, longTrials(undisturbed))).isZero();
        SweepFolder.of(folder).assertSameNumbersAs(SweepFolder.of(undisturbed));
    }

    @Test
    void trials_far_behind_the_others_are_stopped_for_good_also_where_the_sweep_is_killed_and_goes_on()
            throws Exception {
        Path folder = Files.createDirectories(shared.resolve("stopped-early"));
        Program first = Program.start(folder, stoppingEarly(folder));
        first.awaitSight(() -> files(folder.resolve("results/trials")) > 0, "finished trial");
        first.kill();
        Program second = Program.start(folder, stoppingEarly(folder));
        assertThat(second.exitCode()).as(second.output()).isZero();
        assertThat(second.output())
                .contains("Stopping early: from 25 % of its epochs on a trial stops whose held-out CE is worse")
                .containsPattern(
                        "STOPPED_EARLY: stopped at epoch \\d of 4 by the median rule: at epoch \\d held-out CE ")
                .contains("5 of 5 trials have a result");

        Map<String, TrialOutcome> rows = rows(folder);
        List<TrialOutcome> stopped = rows.values().stream()
                .filter(row -> row.status() == TrialStatus.STOPPED_EARLY)
                .toList();
        assertThat(stopped)
                .extracting(row -> row.trial().loss().weights().gamma())
                .containsAnyOf(10.0, 30.0)
                .doesNotContain(0.0);
        for (TrialOutcome row : stopped) {
            assertStoppedEarly(folder, row);
        }
        assertThat(checkpoints(folder)).isEmpty();
        assertThat(events(folder.resolve("results")))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"event\":\"trial_ended\"", "\"status\":\"STOPPED_EARLY\"", "median rule"));

        // Whatever the rule is by then.
        Program again = Program.start(folder, with(stoppingEarly(folder), "--set", "sweep.stop.rule=none"));
        assertThat(again.exitCode()).isZero();
        assertThat(again.output()).contains("5 trials, 5 of them finished earlier", "were stopped early and stay so");
        assertThat(rows(folder)).isEqualTo(rows);
        assertTrainedToItsEndElsewhere(folder, stopped.get(0));
    }

    private static void assertStoppedEarly(Path folder, TrialOutcome row) throws IOException {
        String id = row.trial().id();
        assertThat(row.epochsDone()).isBetween(1, 3);
        assertThat(row.statusDetail())
                .startsWith("stopped at epoch " + row.epochsDone() + " of 4 by the median rule: at epoch "
                        + row.epochsDone());
        assertThat(SweepFolder.of(folder).store().epochs(id)).hasSize(row.epochsDone());
        assertThat(SweepFolder.of(folder).store().reliability(id)).hasSize(15);
        assertThat(row.testMetrics()).isNotNull();
        assertThat(Path.of(URI.create(row.studentUri()))).exists();
    }

    private static void assertTrainedToItsEndElsewhere(Path folder, TrialOutcome stopped) throws Exception {
        String id = stopped.trial().id();
        Path other = folder.resolve("whole");
        String results = other.resolve("results").toString();
        Program rerun = Program.start(folder, "rerun", id, "-c", config(folder), "--to", results);
        assertThat(rerun.exitCode()).as(rerun.output()).isZero();
        assertThat(rerun.output())
                .contains("The same numbers, bit for bit, in the " + stopped.epochsDone()
                        + " epochs before it was stopped early");
        assertThat(rows(other).get(id).status()).isEqualTo(TrialStatus.OK);
        assertThat(rows(other).get(id).epochsDone()).isEqualTo(4);
    }

    private static String[] stoppingEarly(Path folder) throws IOException {
        return new String[] {
            "sweep",
            "-c",
            config(folder),
            "--set",
            "sweep.alpha=[0]",
            "--set",
            "sweep.gamma=[0,1,10,30]",
            "--set",
            "sweep.stop={rule=median,from=0.25,atLeast=1}"
        };
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    private static Program startWhereDiskIsSlowWhile(Path there, Path folder) throws IOException {
        List<String> settings = List.of(
                "spark.master=local[2]",
                "spark.hadoop.fs.file.impl=" + SlowDisk.class.getName(),
                "spark.hadoop.fs.file.impl.disable.cache=true",
                "spark.hadoop." + SlowDisk.WHILE + "=" + there);
        return Program.start(folder, Map.of(), settings, longTrials(folder));
    }

    /** Files that were begun, by processes that live or were killed. */
    private static List<String> unpublished(Path folder) throws IOException {
        try (Stream<Path> files = Files.find(
                folder.resolve("results"), 9, (file, about) -> file.toString().endsWith(".tmp"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static boolean isWritingCheckpoint(Program program, Path folder) throws IOException {
        return unpublished(folder).stream().anyMatch(file -> file.startsWith(".epoch-") && isOf(program, file));
    }

    private static boolean isOf(Program program, String unpublished) {
        return unpublished.contains("." + program.pid() + "-");
    }

    private static boolean isBeyond(Map<String, Integer> before, Map<String, Integer> now) {
        return now.entrySet().stream().anyMatch(trial -> trial.getValue() > before.getOrDefault(trial.getKey(), 0));
    }

    /** Two trials side by side whose first checkpoint comes long before their end. */
    private static String[] longTrials(Path folder) throws IOException {
        return new String[] {
            "sweep",
            "-c",
            config(folder),
            "--set",
            "sweep.gamma=[1]",
            "--set",
            "sweep.baselines=[]",
            "--set",
            "recipe.epochs=30",
            "--set",
            "run.checkpointEpochs=3"
        };
    }

    @Test
    void trials_on_two_slots_each_are_interrupted_and_go_on_like_others() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("averaging-interrupted"));
        Program first = Program.start(folder, onTwoSlots(folder));
        first.awaitSight(() -> !checkpoints(folder).isEmpty(), "checkpoint");
        first.interrupt();
        assertThat(first.exitCode()).as(first.output()).isEqualTo(130);
        assertThat(first.output()).contains("2 trials to train on 2 slots, 2 a trial");
        assertThat(checkpoints(folder)).isNotEmpty();

        Program second = Program.start(folder, onTwoSlots(folder));
        assertThat(second.exitCode()).as(second.output()).isZero();
        Path undisturbed = Files.createDirectories(shared.resolve("averaging"));
        // Both trials at a time, in turns on the two slots.
        String[] sideBySide = Stream.concat(Stream.of(onTwoSlots(undisturbed)), Stream.of("--set", "run.slots=4"))
                .toArray(String[]::new);
        assertThat(Program.run(undisturbed, sideBySide)).isZero();
        assertThat(rows(undisturbed).values()).allSatisfy(row -> {
            assertThat(row.status()).isEqualTo(TrialStatus.OK);
            assertThat(row.trial().workers()).isEqualTo(2);
            assertThat(row.trial().averagingFrequency()).isEqualTo(3);
        });
        SweepFolder.of(folder).assertSameNumbersAs(SweepFolder.of(undisturbed));
    }

    private static String[] onTwoSlots(Path folder) throws IOException {
        return Stream.concat(
                        Stream.of(longTrials(folder)),
                        Stream.of(
                                "--set",
                                "recipe.epochs=12",
                                "--set",
                                "sweep.workersPerTrial=2",
                                "--set",
                                "sweep.averagingFrequency=3"))
                .toArray(String[]::new);
    }

    @Test
    void a_trial_that_diverges_is_a_result_and_the_others_go_on_where_the_machines_name_has_no_address_too()
            throws Exception {
        Path folder = Files.createDirectories(shared.resolve("diverging"));
        Path noHosts = Files.createFile(folder.resolve("hosts"));
        Program sweep = Program.start(
                folder,
                Map.of(),
                List.of("spark.master=local[2]", "jdk.net.hosts.file=" + noHosts),
                "sweep",
                "-c",
                config(folder),
                "--set",
                "sweep.gamma=[0,1e30]",
                "--set",
                "recipe.epochs=1");
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        Map<String, TrialOutcome> rows = rows(folder);
        assertThat(rows).hasSize(5);
        assertThat(rows.values())
                .allSatisfy(row -> assertThat(row.run().host())
                        .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/hostname"))
                                .strip()));
        assertThat(rows.values())
                .filteredOn(row -> row.trial().loss().weights().gamma() > 1)
                .allSatisfy(row -> {
                    assertThat(row.status()).isEqualTo(TrialStatus.DIVERGED);
                    assertThat(row.statusDetail()).contains("not finite at step");
                });
        assertThat(rows.values())
                .filteredOn(row -> row.status() == TrialStatus.OK)
                .hasSize(3);
    }

    @Test
    void a_second_driver_is_refused_and_the_first_leaves_a_checkpoint_when_interrupted() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("two"));
        String[] longSweep = {
            "sweep",
            "-c",
            config(folder),
            "--set",
            "recipe.epochs=400",
            "--set",
            "run.checkpointEpochs=400",
            "--set",
            "teacher.mode=online"
        };
        Program first = Program.start(folder, longSweep);
        first.awaitSight(() -> Files.exists(folder.resolve("results/_lease.json")), "lease");
        Program second = Program.start(folder, longSweep);
        assertThat(second.exitCode()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(second.output())
                .contains("Cannot write to")
                .contains("in process")
                .contains(System.getProperty("user.name"));

        // The only legs are still running, so what is there afterwards was saved on the way out. Their first epochs of
        // 340 images need a moment.
        assertThat(checkpoints(folder)).isEmpty();
        Thread.sleep(4000);
        // What goes wrong on the way out is said like anything else.
        Files.createFile(folder.resolve("results/attempts"));
        first.interrupt();
        assertThat(first.exitCode()).as(first.output()).isEqualTo(130);
        assertThat(checkpoints(folder)).isNotEmpty();
        assertThat(first.output()).contains("WARN AttemptRecorder: Cannot record attempt 1 at trial ");
    }

    @Test
    void a_driver_whose_results_were_taken_over_while_it_slept_ends_and_writes_nothing_more_there() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("taken-over"));
        Program sleeper = Program.start(folder, longTrials(folder));
        sleeper.awaitSight(() -> !checkpoints(folder).isEmpty(), "checkpoint");
        sleeper.signal("STOP");
        Path lease = folder.resolve("results/_lease.json");
        String next = "{\"id\":\"next\",\"host\":\"far-away\",\"user\":\"ada\",\"pid\":1,\"renewedAt\":0}";
        Files.writeString(lease, next);
        Map<String, Integer> before = FaultyCluster.newestEpochs(folder);
        sleeper.signal("CONT");
        assertThat(sleeper.exitCode()).as(sleeper.output()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(sleeper.output()).contains("Stopping: ada, process 1 on far-away, has taken over ");
        assertThat(lease).hasContent(next);
        assertThat(FaultyCluster.newestEpochs(folder)).isEqualTo(before);
        assertThat(attempts(folder)).isEmpty();
    }

    @Test
    void a_trial_that_can_not_be_saved_is_recorded_as_failed_and_the_others_go_on() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("failing"));
        String broken = rows(shared.resolve("undisturbed")).keySet().iterator().next();
        // A folder with something in it where the student's file belongs.
        Files.createDirectories(folder.resolve("results/students/" + broken + ".safetensors/occupied"));
        Program sweep = Program.start(folder, "sweep", "-c", config(folder), "--set", "run.attempts=2");
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(1);
        assertThat(sweep.output())
                .contains("FAILED alpha ")
                .contains("4 of 5 trials have a result")
                .doesNotContain("Job aborted", "stacktrace", "\tat ");
        assertThat(sweep.output().lines().filter(line -> line.contains("Attempt ")))
                .hasSize(2)
                .allMatch(line -> line.contains(broken));
        assertThat(rows(folder)).hasSize(4).doesNotContainKey(broken);
        assertThat(attempts(folder))
                .filteredOn(attempt -> attempt.trialId().equals(broken))
                .hasSize(2)
                .allSatisfy(attempt -> {
                    assertThat(attempt.end()).isEqualTo(AttemptRow.End.FAILED);
                    assertThat(attempt.error()).contains(broken);
                });
        assertThat(events(folder.resolve("results")))
                .filteredOn(line -> line.contains(broken) && line.contains("\"end\":\"FAILED\",\"error\":\""))
                .hasSize(2);
        assertThat(events(folder.resolve("results")))
                .anyMatch(line ->
                        line.contains("\"event\":\"trial_failed\",\"trial_id\":\"" + broken + "\",\"attempts\":2"));
    }

    @Test
    void a_student_that_has_no_room_beside_the_heap_fails_with_the_reason_and_the_others_go_on() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("narrow"));
        Program sweep = Program.start(
                folder,
                Map.of(),
                List.of("spark.master=local[2]", "org.bytedeco.javacpp.maxbytes=500m"),
                Stream.concat(Stream.of("sweep", "-c", config(folder)), TWO_STUDENTS.stream())
                        .toArray(String[]::new));
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(ExitCode.TRIALS_FAILED);
        assertThat(sweep.output())
                .containsPattern(
                        "WARNING: There is no memory for trials of ShuffleV1 \\(about [0-9]+ MiB\\), which will"
                                + " fail: the driver has 300 MiB for what it trains")
                .containsPattern(
                        "Attempt 1 at .*ShuffleV1.* failed: There is no memory for a student of [0-9]+ weights in"
                                + " batches of 32: it takes about [0-9]+ MiB outside the Java heap, and this process has 300 MiB")
                .contains("1 of 2 trials have a result")
                .doesNotContain("\tat ");
        assertThat(rows(folder).values())
                .singleElement()
                .satisfies(row -> assertThat(row.trial().student()).isEqualTo("resnet8"));
        assertThat(attempts(folder))
                .filteredOn(attempt -> attempt.end() == AttemptRow.End.FAILED)
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.error()).contains("There is no memory for a student"));
    }

    @Test
    void where_no_student_has_room_nothing_begins() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("no-room"));
        Program sweep = Program.start(
                folder,
                Map.of(),
                List.of("spark.master=local[2]", "org.bytedeco.javacpp.maxbytes=220m"),
                Stream.concat(Stream.of("sweep", "-c", config(folder)), TWO_STUDENTS.stream())
                        .toArray(String[]::new));
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(sweep.output())
                .containsPattern(
                        "There is no memory for any of these trials: ShuffleV1 .*, resnet8 .*; the driver has 20"
                                + " MiB")
                .contains("FOCALDISTILL_NATIVE_MEMORY=SIZE");
        assertThat(folder.resolve("results/trials")).doesNotExist();
    }

    @Test
    void a_teacher_that_was_trained_otherwise_is_not_used() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("other-teacher"));
        Program sweep = Program.start(
                folder, "sweep", "-c", config(folder), "--set", "teachers.small.recipe.learningRate=0.01");
        assertThat(sweep.exitCode()).isEqualTo(2);
        assertThat(sweep.output())
                .contains("was trained otherwise than the configuration has it")
                .contains("recipe.learningRate was 0.05, is now 0.01")
                .doesNotContain("Recipe[")
                .contains("focaldistill teach small --again");
    }

    private static List<org.apache.hadoop.fs.Path> checkpoints(Path folder) throws IOException {
        return SweepFolder.of(folder).checkpoints();
    }

    private static String config(Path folder) throws IOException {
        Path common = shared.resolve("undisturbed");
        Path file = folder.resolve("sweep.conf");
        Files.writeString(file, CONFIG.formatted(folder, common, common), StandardCharsets.UTF_8);
        return file.toString();
    }

    private static long files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .count();
        }
    }

    private static Map<String, TrialOutcome> rows(Path folder) throws IOException {
        return SweepFolder.of(folder).rows();
    }

    private static List<AttemptRow> attempts(Path folder) throws IOException {
        return SweepFolder.of(folder).attempts();
    }
}
