package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.sweep.SampleOutcomes.diverged;
import static org.focaldistill.sweep.SampleOutcomes.epochs;
import static org.focaldistill.sweep.SampleOutcomes.ok;
import static org.focaldistill.sweep.SampleOutcomes.reliability;
import static org.focaldistill.sweep.SampleOutcomes.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultPackTest {
    private static final Trial FINE = trial(0.1, 0.9, 0.01, 1);
    private static final Trial BAD = trial(0.9, 0.1, 1, 1);
    private static final Trial LATER = trial(0.2, 0.8, 0, 1);

    private Path packFolder;
    private ResultStore results;
    private ResultStore pack;

    @BeforeEach
    void finishTwoTrials(@TempDir Path folder) throws IOException {
        packFolder = folder.resolve("pack");
        results = open(folder.resolve("results"));
        pack = open(packFolder);
        results.writePlan("first", List.of(planned(FINE), planned(BAD)));
        results.commit(ok(FINE), epochs(FINE, 3), reliability(FINE));
        results.commit(diverged(BAD), epochs(BAD, 1), List.of());
    }

    private static ResultStore open(Path folder) throws IOException {
        return new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
    }

    private static PlannedTrial planned(Trial trial) {
        return new PlannedTrial(trial, Set.of(Role.GRID));
    }

    @Test
    void holdsAllButThePlacesOfStudentsInOneFileATable() throws IOException {
        results.recordAttempt(
                new AttemptRow(FINE.id(), 1, "node-3", "cpu:0", Instant.EPOCH, Instant.EPOCH, AttemptRow.End.OK, null));

        assertThat(ResultPack.add(results, pack)).isEqualTo(2);

        assertThat(ok(FINE).studentUri()).isNotNull();
        assertThat(pack.trials())
                .containsExactlyInAnyOrder(
                        ok(FINE).withoutStudent(), diverged(BAD).withoutStudent());
        assertThat(pack.epochs()).containsExactlyInAnyOrderElementsOf(results.epochs());
        assertThat(pack.reliability()).containsExactlyInAnyOrderElementsOf(results.reliability());
        assertThat(pack.attempts()).isEqualTo(results.attempts()).hasSize(1);
        assertThat(pack.plan("first")).isEqualTo(results.plan("first"));
        assertThat(pack.finishedIds()).isEqualTo(results.finishedIds());
        assertThat(pack.epochs(FINE.id())).isEqualTo(epochs(FINE, 3));
        assertThat(pack.reliability(BAD.id())).isEmpty();
        assertThat(files()).hasSize(5);
    }

    @Test
    void takesWhatWasFinishedSince() throws IOException {
        ResultPack.add(results, pack);
        results.writePlan("second", List.of(planned(FINE), planned(LATER)));
        results.commit(ok(LATER), epochs(LATER, 2), reliability(LATER));

        assertThat(ResultPack.add(results, pack)).isEqualTo(1);
        assertThat(ResultPack.add(results, pack)).isZero();

        assertThat(pack.trials()).extracting(TrialOutcome::trial).containsExactlyInAnyOrder(FINE, BAD, LATER);
        assertThat(pack.epochs()).containsExactlyInAnyOrderElementsOf(results.epochs());
        assertThat(pack.sweeps()).isEqualTo(results.sweeps());
    }

    @Test
    void keepsWhenSweepsWerePlannedLast() throws IOException {
        results.writePlan("second", List.of(planned(FINE)));
        results.writePlan("first", List.of(planned(FINE), planned(BAD)));
        ResultPack.add(results, pack);
        assertThat(pack.sweeps())
                .isEqualTo(results.sweeps())
                .extracting(SweepRef::id)
                .containsExactly("first", "second");

        pack.writePlan("second", List.of(planned(FINE)));
        ResultPack.add(results, pack);
        assertThat(pack.sweeps()).extracting(SweepRef::id).containsExactly("second", "first");
    }

    @Test
    void isAddedToByASweepWhichTrainsNothingOfItAgain() throws IOException {
        ResultPack.add(results, pack);

        assertThat(pack.commit(diverged(FINE), epochs(FINE, 1), List.of())).isFalse();
        assertThat(pack.commit(ok(LATER), epochs(LATER, 2), reliability(LATER))).isTrue();

        assertThat(pack.trial(FINE.id())).isEqualTo(ok(FINE).withoutStudent());
        assertThat(pack.epochs(FINE.id())).hasSize(3);
        assertThat(pack.finishedIds()).containsExactlyInAnyOrder(FINE.id(), BAD.id(), LATER.id());
    }

    @Test
    void ofWhichTheTrialsWereNotPublishedYetIsNotSeenAndIsReplaced() throws IOException {
        ResultPack.add(results, pack);
        for (Path file : files()) {
            if (file.getParent().endsWith("trials")) {
                Files.delete(file);
            }
        }

        assertThat(pack.finishedIds()).isEmpty();
        assertThat(pack.epochs()).isEmpty();
        assertThat(pack.reliability()).isEmpty();

        assertThat(ResultPack.add(results, pack)).isEqualTo(2);
        assertThat(pack.epochs()).hasSameSizeAs(results.epochs());
        assertThat(files()).hasSize(5);
    }

    @Test
    void refusesAnotherPlanOfTheSameId() throws IOException {
        pack.writePlan("first", List.of(planned(LATER)));

        assertThatThrownBy(() -> ResultPack.add(results, pack))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("Cannot write the plan of sweep first");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(packFolder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
