package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.weights.Safetensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Trials trained again from their rows. */
@ExtendWith(FinishedSweep.Once.class)
@Tag("slow")
class RerunTest {
    @TempDir
    static Path shared;

    private static FinishedSweep sweep;
    private static Path finished;

    @BeforeAll
    static void take(FinishedSweep made) {
        sweep = made;
        finished = made.folder();
    }

    @Test
    void a_trial_trained_again_from_its_row_alone_has_the_same_numbers_bit_for_bit() throws Exception {
        // Nothing but folders in the configuration: what to train stands in the row.
        Path bare = shared.resolve("bare.conf");
        Files.writeString(
                bare,
                "focaldistill.paths { root = \"%s\", bank = \"%s\" }".formatted(finished, shared.resolve("new-bank")));
        Map<String, TrialOutcome> before = FinishedSweep.rows(finished);
        for (String id : List.of(sweep.okTrial(), sweep.divergedTrial())) {
            Program rerun = Program.start(finished, "rerun", id.substring(0, 12), "-c", bare.toString());
            assertThat(rerun.exitCode()).as(rerun.output()).isZero();
            assertThat(rerun.output()).contains("The same numbers, bit for bit");
        }
        assertThat(FinishedSweep.rows(finished)).isEqualTo(before);
        assertThat(finished.resolve("reruns")).isEmptyDirectory();
    }

    @Test
    void a_stored_row_with_other_numbers_is_reported_and_left_as_it_is() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("differing"));
        String id = sweep.okTrial();
        TrialOutcome stored = FinishedSweep.rows(finished).get(id);
        TrialOutcome.TestMetrics metrics = stored.testMetrics();
        assertThat(metrics).isNotNull();
        TrialOutcome.TestMetrics other = new TrialOutcome.TestMetrics(
                metrics.top1(),
                metrics.top5(),
                Math.nextUp(metrics.nll()),
                metrics.brier(),
                metrics.ece(),
                metrics.adaEce(),
                metrics.classwiseEce(),
                metrics.scaledByNll(),
                metrics.scaledByEce(),
                metrics.agreementTop1());
        ResultStore original = FinishedSweep.store(finished);
        ResultStore changed = FinishedSweep.store(folder);
        changed.writePlan("changed", List.of(new PlannedTrial(stored.trial(), Set.of(Role.GRID))));
        changed.commit(
                new TrialOutcome(
                        stored.trial(),
                        stored.teacher(),
                        stored.status(),
                        stored.statusDetail(),
                        stored.converged(),
                        stored.firstNegativeStep(),
                        stored.epochsDone(),
                        stored.train(),
                        stored.validation(),
                        stored.test(),
                        stored.valTop1(),
                        stored.bestEpoch(),
                        stored.bestTestTop1(),
                        other,
                        stored.run(),
                        stored.studentUri()),
                original.epochs(id),
                original.reliability(id));
        Map<String, TrialOutcome> before = FinishedSweep.rows(folder);

        Program rerun = Program.start(folder, "rerun", id, "-c", sweep.config(folder), "--to", "kept");
        assertThat(rerun.exitCode()).as(rerun.output()).isEqualTo(1);
        assertThat(rerun.output())
                .contains("2 differences:")
                .contains("trials.test_nll: stored " + other.nll() + ", now " + metrics.nll())
                .contains("the stored student's file is gone");
        assertThat(FinishedSweep.rows(folder)).isEqualTo(before);
        Program again = Program.start(folder, "rerun", id, "-c", sweep.config(folder), "--to", "kept");
        assertThat(again.exitCode()).as(again.output()).isEqualTo(2);
        assertThat(again.output()).contains("There is a result of trial " + id).contains("kept already");
    }

    @Test
    void a_rerun_with_another_teacher_is_refused() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("other-teacher"));
        assertThat(Program.run(
                        folder,
                        "teach",
                        "small",
                        "-c",
                        sweep.config(folder),
                        "--set",
                        "paths.teachers=" + folder,
                        "--set",
                        "teachers.small.initSeed=2"))
                .isZero();
        Program rerun = Program.start(
                folder, "rerun", sweep.okTrial(), "-c", sweep.config(finished), "--set", "paths.teachers=" + folder);
        assertThat(rerun.exitCode()).as(rerun.output()).isEqualTo(2);
        assertThat(rerun.output()).contains("is not that of the trial").contains("--set paths.teachers=FOLDER");
    }

    @Test
    void a_rerun_asks_which_network_a_teacher_is_that_does_not_say_it() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("nameless"));
        ModelFiles models = new ModelFiles(new Configuration());
        Safetensors teacher = models.read(new org.apache.hadoop.fs.Path(
                finished.resolve("teachers/small.safetensors").toUri()));
        models.replace(
                new org.apache.hadoop.fs.Path(
                        folder.resolve("small.safetensors").toUri()),
                new Safetensors(teacher.tensors(), Map.of()));
        Path bare = folder.resolve("bare.conf");
        Files.writeString(
                bare,
                "focaldistill.paths { root = \"%s\", bank = \"%s\", teachers = \"%s\" }"
                        .formatted(finished, folder.resolve("bank"), folder));
        Program nameless = Program.start(finished, "rerun", sweep.divergedTrial(), "-c", bare.toString());
        assertThat(nameless.exitCode()).as(nameless.output()).isEqualTo(2);
        assertThat(nameless.output())
                .contains("small.safetensors does not say which network it is")
                .contains("--set teachers.small.model=MODEL, one of resnet");
        Program named = Program.start(
                finished,
                "rerun",
                sweep.divergedTrial(),
                "-c",
                bare.toString(),
                "--set",
                "teachers.small.model=resnet8");
        assertThat(named.exitCode()).as(named.output()).isZero();
    }
}
