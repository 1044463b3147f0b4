package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.focaldistill.cuda.driver.StandIn;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps from end to end on a card, which the stand-in is. */
@Tag("slow")
class CardSweepTest {
    private static final String[] FEW_IMAGES = {
        "data { validation = 4, trainImages = 12, testImages = 4 }",
        "generated { trainImages = 12, testImages = 4 }",
        "teachers.small.recipe.batchSize = 4",
        "recipe { epochs = 4, batchSize = 4 }",
        "run { checkpointEpochs = 1, numerics = fp32 }"
    };

    @TempDir
    private static Path shared;

    private static Path calm;

    @BeforeAll
    static void a_sweep_that_nothing_disturbs() throws Exception {
        calm = Files.createDirectories(shared.resolve("calm"));
        assertThat(Program.run(calm, "generate", "images", "-c", config(calm))).isZero();
        assertThat(Program.run(calm, "prepare", "-c", config(calm), "--from", "images"))
                .isZero();
        Program sweep = onCard(calm, "sweep", "-c", config(calm));
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        assertThat(sweep.output()).contains("Trained by engine cuda with numerics fp32");
    }

    @Test
    void where_there_is_a_card_trials_are_trained_on_it_and_say_so() throws Exception {
        assertThat(SweepFolder.of(calm).rows().values()).hasSize(2).allSatisfy(row -> {
            assertThat(row.status()).isEqualTo(TrialStatus.OK);
            assertThat(row.trial().computation()).isEqualTo(Computation.CUDA_FP32);
            assertThat(row.run().device()).isEqualTo("gpu 0");
            assertThat(row.run().backend()).startsWith("Stand-in on a CPU (GPU-");
        });
    }

    @Test
    void killed_it_goes_on_from_its_checkpoints_with_the_same_numbers() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("killed"));
        Program first = onCard(folder, "sweep", "-c", config(folder));
        first.awaitSight(() -> SweepFolder.of(folder).checkpoints().size() >= 2, "checkpoint");
        first.kill();
        assertThat(SweepFolder.of(folder).rows()).hasSizeLessThan(2);

        Program second = onCard(folder, "sweep", "-c", config(folder));
        assertThat(second.exitCode()).as(second.output()).isZero();
        SweepFolder.of(folder).assertExactlyThePlansRows();
        SweepFolder.of(folder).assertSameNumbersAs(SweepFolder.of(calm));
    }

    @Test
    void a_rerun_has_the_same_bits_and_without_a_card_it_says_what_is_missing() throws Exception {
        Map<String, TrialOutcome> rows = SweepFolder.of(calm).rows();
        String id = rows.keySet().iterator().next();
        Program rerun = onCard(calm, "rerun", id, "-c", config(calm));
        assertThat(rerun.exitCode()).as(rerun.output()).isZero();
        assertThat(rerun.output()).contains("The same numbers, bit for bit");

        Program elsewhere = Program.start(calm, "rerun", id, "-c", config(calm));
        assertThat(elsewhere.exitCode()).as(elsewhere.output()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(elsewhere.output()).contains("can not train on a card. There is no NVIDIA driver here");
    }

    /** As after an illegal address: the driver refuses everything until the card is left. */
    @Test
    void a_kernel_that_crashes_costs_the_running_trials_an_attempt_and_they_go_on_with_the_same_numbers()
            throws Exception {
        Path folder = Files.createDirectories(shared.resolve("crashed"));
        Program sweep = onCard(folder, Map.of("STAND_IN_CRASH", "6"), "sweep", "-c", config(folder));
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        assertThat(SweepFolder.of(folder).attempts())
                .filteredOn(attempt -> attempt.end() == AttemptRow.End.FAILED)
                .isNotEmpty()
                .allSatisfy(attempt -> assertThat(attempt.error()).contains("CUDA_ERROR_ILLEGAL_ADDRESS"));
        SweepFolder.of(folder).assertExactlyThePlansRows();
        SweepFolder.of(folder).assertSameNumbersAs(SweepFolder.of(calm));
    }

    /** What a card trained is another trial: its rows are not taken for a CPU's. */
    @Test
    void on_cpus_nothing_of_it_is_reused() throws Exception {
        Program dryRun = onCard(
                calm,
                "sweep",
                "--dry-run",
                "--assume-tflops",
                "1",
                "-c",
                config(calm),
                "--set",
                "run.engine=cpu",
                "--set",
                "run.numerics=auto");
        assertThat(dryRun.exitCode()).as(dryRun.output()).isZero();
        assertThat(dryRun.output())
                .contains("2 trials, 0 of them finished earlier")
                .contains("Trained by engine cpu with numerics fp32");
    }

    @Test
    void a_dry_run_says_what_memory_of_a_card_its_trials_take() throws Exception {
        Program dryRun = onCard(
                calm, "sweep", "--dry-run", "--assume-tflops", "1", "-c", config(calm), "--set", "sweep.gamma=[2]");
        assertThat(dryRun.exitCode()).as(dryRun.output()).isZero();
        assertThat(dryRun.output())
                .containsPattern(
                        "Memory of a card: [0-9]+ MiB a trial of resnet8, 0 MiB for the images of all; 1 at a time"
                                + " take [0-9]+ MiB at most");
    }

    /** A driver that does not start after an update must not cost what the card has trained. */
    @Test
    void where_the_card_is_gone_a_sweep_is_not_begun_anew_on_cpus_without_being_asked() throws Exception {
        Program sweep = Program.start(calm, "sweep", "-c", config(calm), "--set", "run.numerics=auto");
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(sweep.output())
                .contains(
                        "2 of these 2 trials were begun by engine cuda with numerics fp32, and run.engine = auto would begin"
                                + " them anew by engine cpu with numerics fp32")
                .contains("--set run.engine=cuda --set run.numerics=fp32; to begin anew: --set run.engine=cpu --set"
                        + " run.numerics=fp32");
    }

    /** Two slots of one process share its card. */
    @Test
    void two_workers_train_a_trial_on_cards_and_their_rows_say_so() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("averaged"));
        Program sweep = onCard(folder, averaging("sweep", "-c", config(folder)));
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        assertThat(SweepFolder.of(folder).rows().values()).hasSize(2).allSatisfy(row -> {
            assertThat(row.status()).isEqualTo(TrialStatus.OK);
            assertThat(row.trial().computation()).isEqualTo(Computation.CUDA_FP32);
            assertThat(row.trial().workers()).isEqualTo(2);
            assertThat(row.run().device()).isEqualTo("2 slots");
            assertThat(row.run().backend())
                    .matches("Stand-in on a CPU \\(GPU-[^;]*; measured by CpuBackend, onednn [^;]*");
        });
    }

    /** The driver measures what the cards train. */
    @Test
    void two_workers_on_cards_are_refused_where_the_driver_can_not_use_onednn() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("averaged-slow"));
        List<String> settings = List.of(
                "spark.master=local[2]", Program.CUDA_LIBRARY + "=" + StandIn.library(), "focaldistill.kernels=nd4j");
        Program sweep = Program.start(folder, Map.of(), settings, averaging("sweep", "-c", config(folder)));
        assertThat(sweep.exitCode()).as(sweep.output()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(sweep.output()).contains("No oneDNN in the driver: ").contains("--set run.slowKernels=warn");
    }

    @Test
    void killed_two_workers_go_on_from_a_checkpoint_with_the_same_numbers() throws Exception {
        Path undisturbed = Files.createDirectories(shared.resolve("averaged-calm"));
        Program sweep = onCard(undisturbed, averaging("sweep", "-c", config(undisturbed)));
        assertThat(sweep.exitCode()).as(sweep.output()).isZero();
        Path folder = Files.createDirectories(shared.resolve("averaged-killed"));
        Program first = onCard(folder, averaging("sweep", "-c", config(folder)));
        first.awaitSight(() -> !SweepFolder.of(folder).checkpoints().isEmpty(), "checkpoint");
        first.kill();
        assertThat(SweepFolder.of(folder).rows()).hasSizeLessThan(2);

        Program second = onCard(folder, averaging("sweep", "-c", config(folder)));
        assertThat(second.exitCode()).as(second.output()).isZero();
        SweepFolder.of(folder).assertExactlyThePlansRows();
        SweepFolder.of(folder).assertSameNumbersAs(SweepFolder.of(undisturbed));
    }

    private static String[] averaging(String... arguments) {
        String[] settings = {"--set", "sweep.workersPerTrial=2", "--set", "sweep.averagingFrequency=2"};
        return Stream.of(arguments, settings).flatMap(Stream::of).toArray(String[]::new);
    }

    private static Program onCard(Path folder, String... arguments) throws IOException {
        return onCard(folder, Map.of(), arguments);
    }

    private static Program onCard(Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> settings = List.of("spark.master=local[2]", Program.CUDA_LIBRARY + "=" + StandIn.library());
        return Program.start(folder, environment, settings, arguments);
    }

    private static String config(Path folder) throws IOException {
        Path file = folder.resolve("sweep.conf");
        Files.writeString(file, SmallSweep.configIn(folder, calm, FEW_IMAGES), StandardCharsets.UTF_8);
        return file.toString();
    }
}
