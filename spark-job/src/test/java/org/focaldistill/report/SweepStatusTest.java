package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.AttemptMark;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.store.Lease;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Durations;
import org.focaldistill.weights.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the driver, the file system and this machine have clocks that differ by days. */
class SweepStatusTest {
    private static final Configuration HADOOP = new Configuration();
    private static final Trial TRIAL = SampleOutcomes.trial(0.5, 0.5, 0, 1);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-72H", "PT72H"})
    void times_are_those_of_one_clock_however_far_it_is_from_others(Duration ahead) throws IOException {
        Instant driversNow = Instant.now().plus(ahead);
        OpenTrials open = open(driversNow.minusSeconds(90));
        // The file system's clock goes the other way.
        Path checkpoints = folder.resolve("checkpoints/" + TRIAL.id());
        Instant begun = Instant.now().minus(ahead);
        touch(checkpoints.resolve("attempt.json"), begun);
        touch(checkpoints.resolve("epoch-00002.safetensors"), begun.plusSeconds(80));

        String status = SweepStatus.read(store(), open, driver("this", driversNow), null, null)
                .text();

        int left = 40 * (TRIAL.recipe().epochs() - 2);
        assertThat(status)
                .contains("epoch 2 of " + TRIAL.recipe().epochs() + " saved, attempt 1 for 1 min 30 s")
                .contains("time left     about " + Durations.text(left) + ", 1 at a time");
    }

    @Test
    void what_failed_before_a_driver_with_a_clock_that_is_behind_waits_for_it() throws IOException {
        Instant ofFailure = Instant.now().plus(Duration.ofHours(72));
        OpenTrials open = open(ofFailure.minusSeconds(60));
        store().recordAttempt(new AttemptRow(
                TRIAL.id(), 1, "host", "cpu", ofFailure.minusSeconds(60), ofFailure, AttemptRow.End.FAILED, "why"));

        assertThat(SweepStatus.read(store(), open, null, null, null).text()).contains("failed        1");
        assertThat(SweepStatus.read(store(), open, driver("next", Instant.now()), null, null)
                        .text())
                .contains("failed        0", "interrupted   1");
    }

    @Test
    void what_waits_for_an_outage_to_end_has_not_failed_and_it_is_said_when_it_is_tried_again() throws IOException {
        Instant now = Instant.now().plus(Duration.ofHours(72));
        OpenTrials open = open(now.minusSeconds(60));
        store().recordAttempt(new AttemptRow(
                TRIAL.id(), 1, "host", "cpu", now.minusSeconds(60), now, AttemptRow.End.FAILED, "away"));
        open.giveUp(TRIAL.id());
        assertThat(statusAt(open, now)).contains("failed        1", "retrying      0");

        open.takeUp(TRIAL.id(), now.plusSeconds(16 * 60));
        assertThat(statusAt(open, now))
                .contains("failed        0", "retrying      1", "away; the next attempt comes in 16 min");
        assertThat(statusAt(open, now.plusSeconds(16 * 60))).contains("away; the next attempt comes soon");
    }

    private String statusAt(OpenTrials open, Instant driversNow) throws IOException {
        return SweepStatus.read(store(), open, driver("this", driversNow), null, null)
                .text();
    }

    /** A trial that a driver called "this" has begun, with a checkpoint. */
    private OpenTrials open(Instant startedAt) throws IOException {
        store().writePlan("sweep", List.of(new PlannedTrial(TRIAL, Set.of(Role.GRID))));
        OpenTrials open = new OpenTrials(HADOOP, new org.apache.hadoop.fs.Path(folder.toUri()));
        open.begin(AttemptMark.of("this", 1, startedAt, 0, TRIAL));
        new CheckpointFiles(HADOOP, open.checkpoints(TRIAL.id()))
                .save(2, new Safetensors(Map.of(), Map.of()), () -> {});
        return open;
    }

    private ResultStore store() throws IOException {
        return new ResultStore(HADOOP, new org.apache.hadoop.fs.Path(folder.toUri()));
    }

    private static Lease.Holder driver(String id, Instant renewedAt) {
        return new Lease.Holder(id, "host", "ada", 1, renewedAt.toEpochMilli());
    }

    private static void touch(Path file, Instant at) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(at));
    }
}
