package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.focaldistill.sweep.SampleOutcomes.epochs;
import static org.focaldistill.sweep.SampleOutcomes.ok;
import static org.focaldistill.sweep.SampleOutcomes.openEpochs;
import static org.focaldistill.sweep.SampleOutcomes.reliability;
import static org.focaldistill.sweep.SampleOutcomes.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.AttemptMark;
import org.focaldistill.store.DriverNote;
import org.focaldistill.store.Lease;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.RunProgress;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What status says of open trials and of the time left: of a sweep of four trials: one that is finished, two that run, one that waits. */
class TimeLeftTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:05:00Z");
    private static final Lease.Holder DRIVER = new Lease.Holder("driver-2", "head", "ann", 4711, NOW.toEpochMilli());
    private static final Trial DONE = trial(0, 1, 0, 1);
    private static final Trial RUNNING = trial(0.1, 0.9, 0, 1);
    private static final Trial BEGINNING = trial(0.1, 0.9, 0.01, 1);
    private static final Trial WAITING = trial(0.2, 0.8, 0, 1);

    @TempDir
    private Path folder;

    private ResultStore store;
    private OpenTrials open;
    private DriverNote<RunProgress> progress;

    @BeforeEach
    void beginSweep() throws IOException {
        org.apache.hadoop.fs.Path results = new org.apache.hadoop.fs.Path(folder.toUri());
        store = new ResultStore(new Configuration(), results);
        open = new OpenTrials(new Configuration(), results);
        progress = DriverNote.ofProgress(new Configuration(), results);
        store.writePlan(
                "sweep",
                List.of(DONE, RUNNING, BEGINNING, WAITING).stream()
                        .map(trial -> new PlannedTrial(trial, Set.of(Role.GRID)))
                        .toList());
        // 240 epochs in 9800 s.
        store.commit(ok(DONE), epochs(DONE, 240), reliability(DONE));
        store.recordAttempt(new AttemptRow(
                DONE.id(), 1, "h", "cpu", NOW.minusSeconds(10_000), NOW.minusSeconds(200), AttemptRow.End.OK, null));
        for (Trial trial : List.of(RUNNING, BEGINNING)) {
            open.begin(AttemptMark.of(DRIVER.id(), 2, NOW.minusSeconds(30), 0, trial));
        }
        store.openEpochs().write(openEpochs(RUNNING, 12, 2));
    }

    private String status(Lease.@Nullable Holder driver) throws IOException {
        return SweepStatus.read(store, open, driver, progress.read(), null).text();
    }

    private void tell(String driver, String sweep, int secondsAgo, @Nullable Double left) throws IOException {
        RunProgress said =
                new RunProgress(driver, sweep, NOW.minusSeconds(secondsAgo).toEpochMilli(), left);
        try (Lease lease = Lease.take(new Configuration(), store.root(), line -> {}, line -> {})) {
            progress.write(said, lease);
        }
    }

    @Test
    void a_running_trial_has_its_newest_epoch_s_numbers_and_when_it_was_heard_of() throws IOException {
        assertThat(status(DRIVER))
                .contains("running       2")
                .contains(RUNNING.label() + ": epoch 0 of 240 saved, attempt 2 for 30 s; at epoch 12: CE 0.250,"
                        + " validation top-1 50.00 %, 1235 images/s, heard of 4 min 0 s ago\n")
                .contains(BEGINNING.label() + ": epoch 0 of 240 saved, attempt 2 for 30 s\n");
    }

    @Test
    void so_has_one_that_was_interrupted() throws IOException {
        assertThat(status(null))
                .contains("interrupted   2")
                .contains(RUNNING.label() + ": epoch 0 of 240 saved; at epoch 12: CE 0.250,");
    }

    @Test
    void what_comes_late_of_a_finished_trial_is_not_shown() throws IOException {
        store.openEpochs().write(openEpochs(DONE, 12, 1));
        assertThat(status(DRIVER)).contains("done          1").doesNotContain(DONE.id());
    }

    @Test
    void the_driver_that_works_knows_the_time_left_best() throws IOException {
        tell(DRIVER.id(), "sweep", 10, 130.0);
        assertThat(status(DRIVER)).contains("time left     about 2 min 0 s, 2 at a time\n");
    }

    @Test
    void after_it_the_rest_takes_as_long_as_it_would_have_taken_then() throws IOException {
        tell(DRIVER.id(), "sweep", 100_000, 130.0);
        assertThat(status(null)).contains("time left     about 2 min 10 s, as fast as the last run was\n");
    }

    /** Three trials of 9800 s each. */
    @Test
    void what_another_driver_said_or_of_another_sweep_or_nothing_leaves_it_to_the_epochs_so_far() throws IOException {
        String byEpochs = "time left     about 4 h 5 min, 2 at a time\n";
        assertThat(status(DRIVER)).contains(byEpochs);
        tell("driver-1", "sweep", 10, 130.0);
        assertThat(status(DRIVER)).contains(byEpochs);
        tell(DRIVER.id(), "another", 10, 130.0);
        assertThat(status(DRIVER)).contains(byEpochs);
        tell(DRIVER.id(), "sweep", 10, null);
        assertThat(status(DRIVER)).contains(byEpochs);
        assertThat(status(null)).contains("time left     about 8 h 10 min, one trial at a time\n");
    }

    @Test
    void a_trial_given_up_is_not_left_to_do() throws IOException {
        open.giveUp(RUNNING.id());
        store.recordAttempt(new AttemptRow(
                RUNNING.id(), 2, "h", "cpu", NOW.minusSeconds(30), Instant.now(), AttemptRow.End.FAILED, "no"));
        assertThat(status(DRIVER))
                .contains("failed        1")
                .contains("running       1")
                .contains("time left     about 5 h 26 min, 1 at a time\n");
    }
}
