package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.TrialOutcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What there is to ask of a sweep before, while and after it runs, on real ones. */
@ExtendWith(FinishedSweep.Once.class)
class TrialCommandsTest {
    @TempDir
    static Path shared;

    private static FinishedSweep sweep;
    private static Path finished;

    @BeforeAll
    static void take(FinishedSweep made) {
        sweep = made;
        finished = made.folder();
    }

    /** It measures for most of a minute on both cores. */
    @Test
    @Tag("slow")
    void a_dry_run_before_the_teacher_is_there_says_what_would_be_made_and_how_long_it_takes() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("before"));
        // What it says goes past the writers.
        Program dryRun = Program.start(folder, "sweep", "--dry-run", "-c", sweep.fromTheStart(folder));
        assertThat(dryRun.exitCode()).as(dryRun.output()).isZero();
        assertThat(withoutOutputs(folder)).containsExactly(folder.resolve("sweep.conf"));
        assertThat(dryRun.output())
                .contains("Teacher small (resnet8) is missing and would be trained first, for 1 epoch;")
                .contains("5 trials, 0 of them finished earlier")
                .contains("Roles: 4 grid, 2 baseline")
                .contains("Bank of small: 4 files, 0.2 MB; 4 of them, 0.2 MB, are to be made")
                .contains("5 trials to train on 2 slots")
                .containsPattern("Measured for \\d+ s on 2 slots: training resnet8, \\d+ images/s")
                .containsPattern("Measured for \\d+ s on 2 slots: teacher resnet8 in evaluation mode, \\d+ images/s")
                .containsPattern("Time: about .* on 2 slots: training .*, bank .*, teachers first .*")
                .contains("Dry run: nothing was trained or written.");
    }

    @Test
    void a_dry_run_afterwards_counts_what_is_reused() throws Exception {
        List<Path> before = withoutOutputs(finished);
        Program dryRun = Program.start(finished, "sweep", "--dry-run", "-c", sweep.config(finished));
        assertThat(dryRun.exitCode()).as(dryRun.output()).isZero();
        assertThat(dryRun.output())
                .contains("5 trials, 5 of them finished earlier")
                .contains("0 trials to train on 2 slots")
                .doesNotContain("is missing")
                .doesNotContain("Measured");
        assertThat(withoutOutputs(finished)).isEqualTo(before);
    }

    @Test
    void a_dry_run_on_assumed_slots_needs_neither_them_nor_images_nor_teachers() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("fresh"));
        Path config = folder.resolve("fresh.conf");
        Files.writeString(config, """
                include "sweep.conf"
                focaldistill {
                  paths { data = "%s/data", teachers = "%s/teachers", bank = "%s/bank" }
                  teachers.second.model = resnet8
                  teacher.train = false
                  sweep.pairs = [{ teacher = small, student = resnet8 }, { teacher = second, student = resnet8 }]
                  sweep.baselines = [{ alpha = 0, beta = 0, gamma = 0 }]
                }
                """.formatted(folder, folder, folder));
        sweep.config(folder);
        List<Path> before = withoutOutputs(folder);
        String[] dryRun = {"sweep", "-c", config.toString(), "--set", "run.slots=4", "--dry-run"};

        Program measured = Program.start(folder, dryRun);
        assertThat(measured.exitCode()).isEqualTo(2);
        assertThat(measured.output()).contains("There is no prepared data set in ");

        Program assumed = Program.start(
                folder,
                Stream.concat(Stream.of(dryRun), Stream.of("--assume-tflops", "0.001"))
                        .toArray(String[]::new));
        assertThat(assumed.exitCode()).as(assumed.output()).isZero();
        // 12,507,392 multiply-adds. 10 trials of 340 images an epoch, 2 banks of 960, and teachers side by side of 1
        // and 2 epochs.
        assertThat(assumed.output())
                .contains("There are no prepared images in " + folder + "/data; counted are those of the archive")
                .contains("Teacher small (resnet8) is missing and has to be trained first, for 1 epoch;")
                .contains("Teacher second (resnet8) is missing and has to be trained first, for 2 epochs")
                .contains("10 trials, 0 of them finished earlier")
                .contains("Nothing is learned where alpha, beta and gamma are all 0, as in 2 of these")
                .contains("10 trials to train on 4 slots")
                .contains("Assumed, not measured: a slot does 0.001 TFLOP/s")
                .contains("From 3 x 12.5 million multiply-adds an image on 4 slots: training resnet8, 53 images/s")
                .contains("Time: about 3 min 11 s on 4 slots: training 2 min 8 s, bank 12 s, teachers first 51 s")
                .doesNotContain("Measured");
        assertThat(withoutOutputs(folder)).isEqualTo(before);
    }

    @Test
    void an_assumption_that_is_none_or_for_a_sweep_is_refused() throws Exception {
        for (String number : List.of("0", "-3", "NaN", "Infinity")) {
            StringWriter err = new StringWriter();
            assertThat(sweep.run(finished, new StringWriter(), err, "sweep", "--dry-run", "--assume-tflops", number))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("--assume-tflops must be above 0 and finite, found ");
        }
        StringWriter err = new StringWriter();
        assertThat(sweep.run(finished, new StringWriter(), err, "sweep", "--assume-tflops", "3"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--assume-tflops").contains("add --dry-run");
    }

    /** Without what the tests' programs print. */
    private static List<Path> withoutOutputs(Path folder) throws IOException {
        return FinishedSweep.files(folder).stream()
                .filter(file -> !file.getFileName().toString().startsWith("output"))
                .toList();
    }

    @Test
    void status_of_a_finished_sweep_counts_outcomes_and_lists_what_diverged() throws Exception {
        String status = sweep.ask(finished, "status");
        assertThat(status)
                .contains("5 trials planned; nobody works here")
                .contains("done          5  (OK 3, DIVERGED 2)")
                .contains("running       0")
                .contains("failed        0")
                .contains("not finite at step")
                .doesNotContain("time left");
    }

    @Test
    @Tag("slow")
    void status_follows_a_sweep_that_runs_is_killed_and_goes_on() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("followed"));
        String[] command = {
            "sweep", "-c", sweep.config(folder), "--set", "recipe.epochs=60", "--set", "sweep.gamma=[0]",
        };
        Program first = Program.start(folder, command);
        String status = "";
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (!status.matches("(?s).*running       2.*epoch [1-9]\\d* of 60 saved, attempt 1 for .*; at epoch .*")) {
            assertThat(first.isRunning() && System.nanoTime() < deadline)
                    .as(status + first.output())
                    .isTrue();
            Thread.sleep(50);
            status = FinishedSweep.hasPlan(folder) ? sweep.ask(folder, "status") : "";
        }
        assertThat(status)
                .contains(System.getProperty("user.name") + " works here, in process")
                .contains("done          0")
                .contains("waiting       1")
                .containsPattern(
                        "; at epoch \\d+: CE \\d\\.\\d{3}, validation top-1 .* %, \\d+ images/s, heard of .* ago\n")
                .containsPattern("time left     about .*, 2 at a time");
        assertThat(first.isRunning()).isTrue();

        first.kill();
        assertThat(sweep.ask(folder, "status"))
                .contains("nobody works here")
                .contains("running       0")
                .contains("interrupted   2")
                .containsPattern("epoch \\d+ of 60 saved")
                .containsPattern("time left     about .*, (one trial at a time|as fast as the last run was)");
    }

    @Test
    @Tag("slow")
    void status_says_why_a_trial_failed_and_show_how_often_it_was_tried() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("failing"));
        String broken = sweep.okTrial();
        // A folder with something in it where the student's file belongs.
        Files.createDirectories(folder.resolve("results/students/" + broken + ".safetensors/occupied"));
        Program program = Program.start(folder, "sweep", "-c", sweep.config(folder), "--set", "run.attempts=2");
        StringBuilder between = new StringBuilder();
        program.awaitSight(() -> isRetrying(folder, between), "first attempt failed, the second waits");
        assertThat(between)
                .contains("retrying      1")
                .contains("failed        0")
                .containsPattern(
                        broken + "  small -> resnet8, alpha .*: attempt 1 FAILED: .*; the next attempt comes soon");
        assertThat(program.exitCode()).as(program.output()).isEqualTo(1);
        assertThat(sweep.ask(folder, "status"))
                .contains("retrying      0")
                .contains("failed        1")
                .containsPattern(
                        broken + "  small -> resnet8, alpha .*: attempt 2 FAILED: \\S*(Exception|Error): .*" + broken);
        assertThat(sweep.ask(folder, "show", broken.substring(0, 12)))
                .contains("no outcome yet")
                .contains("loss.alpha")
                .containsPattern("  1 FAILED .*\n  2 FAILED ");
    }

    @Test
    void show_prints_the_whole_row_of_the_trial_that_a_prefix_names() throws Exception {
        String id = sweep.okTrial();
        String shown = sweep.ask(finished, "show", id.substring(0, 12));
        TrialOutcome row = FinishedSweep.rows(finished).get(id);
        ResultStore.columns(row).forEach((name, value) -> {
            assertThat(shown).containsPattern("(?m)^" + name + " ");
            assertThat(shown).contains(value == null ? "-" : value.toString());
        });
        assertThat(shown)
                .contains("roles\n  ")
                .contains(" in sweep ")
                .contains("attempts\n  1 OK ")
                .contains("epochs\nepoch");
    }

    @Test
    void a_prefix_of_several_or_no_trials_is_refused_with_what_there_is() throws Exception {
        StringWriter err = new StringWriter();
        assertThat(sweep.run(finished, new StringWriter(), err, "show", "")).isEqualTo(2);
        assertThat(err.toString()).contains("5 trials have ids that start with ''; give more of it: ");
        err = new StringWriter();
        assertThat(sweep.run(finished, new StringWriter(), err, "show", "../../etc"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("has an id that starts with '../../etc', of 5");
        err = new StringWriter();
        assertThat(sweep.run(finished, new StringWriter(), err, "status", "--sweep", "../plan"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("No sweep ../plan in ");
    }

    /** A command that needs no Spark. */
    @Test
    @Tag("slow")
    void teach_trains_teachers_side_by_side_and_a_failing_one_does_not_stop_the_other() throws Exception {
        Path teachers = shared.resolve("two-teachers");
        String diverges = "{model=resnet8,recipe={epochs=2,learningRate=1e30}}";
        Program teach = Program.start(
                finished,
                "teach",
                "bad",
                "good",
                "-c",
                sweep.config(finished),
                "--set",
                "teachers={bad=" + diverges + ",good={model=resnet8,recipe={epochs=2}}}",
                "--set",
                "sweep.pairs=[{teacher=good,student=resnet8}]",
                "--set",
                "paths.teachers=" + teachers);
        assertThat(teach.exitCode()).as(teach.output()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(teach.output())
                .contains("/2] teacher good (resnet8): test top-1", "The teacher bad (resnet8) diverged");
        assertThat(teachers.resolve("good.safetensors")).exists();
        assertThat(teachers.resolve("bad.safetensors")).doesNotExist();
        try (Stream<Path> files = Files.list(teachers.resolve("events"))) {
            List<String> events = Files.readAllLines(files.findFirst().orElseThrow()).stream()
                    .map(line -> line.replaceAll(".*\"event\":\"([a-z_]*)\".*", "$1"))
                    .toList();
            assertThat(events)
                    .startsWith("teacher_started", "teacher_started")
                    .endsWith("teacher_ended", "teacher_ended");
        }
    }

    @Test
    void pack_leaves_a_file_a_table_that_the_other_commands_read() throws Exception {
        Path packed = shared.resolve("packed");
        assertThat(sweep.ask(finished, "pack", "--to", packed.toString()))
                .contains("added 5 trials to ", ", which has 5");
        assertThat(sweep.ask(finished, "pack", "--to", packed.toString())).contains("added 0 trials to ");
        try (Stream<Path> files = Files.list(packed.resolve("trials"))) {
            assertThat(files).hasSize(1);
        }
        String results = "paths.results=" + packed;
        assertThat(sweep.ask(finished, "status", "--set", results)).contains("done          5  (OK 3, DIVERGED 2)");
        assertThat(sweep.ask(finished, "report", "--set", results)).contains("DIVERGED", "report.html");
        Program program = Program.start(finished, "sweep", "-c", sweep.config(finished), "--set", results);
        assertThat(program.exitCode()).as(program.output()).isZero();
        assertThat(program.output()).contains("5 trials, 5 of them finished earlier");
    }

    @Test
    void pack_refuses_to_add_results_to_themselves() throws Exception {
        StringWriter problem = new StringWriter();
        int code = sweep.run(finished, new StringWriter(), problem, "pack", "--to", finished + "/results");
        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(problem.toString()).contains("--to must be another folder than paths.results");
    }

    /** Keeps the first status with an attempt that failed, which is to be asked for between two of them. */
    private static boolean isRetrying(Path folder, StringBuilder status) throws IOException {
        String now = FinishedSweep.hasPlan(folder) ? sweep.ask(folder, "status") : "";
        status.append(now.contains("attempt 1 FAILED") ? now : "");
        return !status.isEmpty();
    }
}
