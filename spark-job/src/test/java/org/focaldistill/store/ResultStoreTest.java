package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.sweep.SampleOutcomes.diverged;
import static org.focaldistill.sweep.SampleOutcomes.epochs;
import static org.focaldistill.sweep.SampleOutcomes.ok;
import static org.focaldistill.sweep.SampleOutcomes.reliability;
import static org.focaldistill.sweep.SampleOutcomes.trial;
import static org.focaldistill.sweep.SampleOutcomes.validated;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreTest {
    private static final Trial TRIAL = trial(0.1, 0.9, 0.01, 1);
    private static final List<PlannedTrial> PLAN =
            List.of(new PlannedTrial(TRIAL, EnumSet.of(Role.BASELINE, Role.GRID)));
    private static final Instant LATE = Instant.parse("2126-03-01T10:00:00.123456Z");

    private Path directory;
    private ResultStore store;

    @BeforeEach
    void openStore(@TempDir Path directory) throws IOException {
        this.directory = directory;
        store = open();
    }

    private ResultStore open() throws IOException {
        return new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(directory.toUri()));
    }

    @Test
    void isEmptyBeforeTheFirstCommit() throws IOException {
        assertThat(store.trials()).isEmpty();
        assertThat(store.epochs()).isEmpty();
        assertThat(store.finishedIds()).isEmpty();
        assertThat(store.sweeps()).isEmpty();
    }

    @Test
    void givesBackOutcomesOfEveryKindAsTheyWere() throws IOException {
        Trial other = trial(0.2, 0.8, 0, 2);
        Trial third = trial(1.0 / 3, 2.0 / 3, 1e-17, Long.MAX_VALUE);
        assertThat(store.commit(ok(TRIAL), epochs(TRIAL, 3), reliability(TRIAL)))
                .isTrue();
        assertThat(store.commit(diverged(other), epochs(other, 1), List.of())).isTrue();
        assertThat(store.commit(validated(third), List.of(), reliability(third)))
                .isTrue();

        assertThat(open().trials()).containsExactlyInAnyOrder(ok(TRIAL), diverged(other), validated(third));
        assertThat(open().trials()).extracting(outcome -> outcome.trial().id()).contains(third.id());
        assertThat(open().epochs())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(epochs(TRIAL, 3).stream(), epochs(other, 1).stream())
                        .toList());
        assertThat(open().reliability())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(reliability(TRIAL).stream(), reliability(third).stream())
                                .toList());
        assertThat(open().finishedIds()).containsExactlyInAnyOrder(TRIAL.id(), other.id(), third.id());
    }

    @Test
    void commitsATrialOnce() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 3), reliability(TRIAL));

        assertThat(store.commit(diverged(TRIAL), epochs(TRIAL, 1), List.of())).isFalse();

        assertThat(store.trials()).containsExactly(ok(TRIAL));
        assertThat(store.epochs()).hasSize(3);
        assertThat(store.reliability()).hasSize(15);
    }

    @Test
    void hidesAndThenReplacesWhatACrashedAttemptLeft() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 3), reliability(TRIAL));
        // As after a crash between the epochs file and the commit.
        Files.delete(directory.resolve("trials/" + TRIAL.id() + ".parquet"));

        assertThat(store.epochs()).isEmpty();
        assertThat(store.reliability()).isEmpty();
        assertThat(store.finishedIds()).isEmpty();

        assertThat(store.commit(ok(TRIAL), epochs(TRIAL, 5), reliability(TRIAL)))
                .isTrue();
        assertThat(store.epochs()).isEqualTo(epochs(TRIAL, 5));
    }

    @Test
    void leavesNoHiddenFiles() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 3), reliability(TRIAL));
        store.commit(ok(TRIAL), epochs(TRIAL, 3), reliability(TRIAL));

        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsOnly(TRIAL.id() + ".parquet")
                    .hasSize(3);
        }
    }

    @Test
    void doesNotReadWhatAWriterLeftUnpublished() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 1), List.of());
        store.writePlan("study", List.of());
        for (String table : List.of("trials", "epochs", "plan")) {
            Files.writeString(directory.resolve(table + "/.feed.parquet.1234.tmp"), "half a file");
            Files.writeString(directory.resolve(table + "/_feed.parquet"), "half a file");
            Files.writeString(directory.resolve(table + "/.feed.parquet"), "half a file");
        }

        assertThat(store.trials()).containsExactly(ok(TRIAL));
        assertThat(store.epochs()).hasSize(1);
        assertThat(store.finishedIds()).containsExactly(TRIAL.id());
        assertThat(store.sweeps()).extracting(SweepRef::id).containsExactly("study");
    }

    @Test
    void refusesRowsOfAnotherTrial() {
        Trial other = trial(0.2, 0.8, 0, 2);
        assertThatThrownBy(() -> store.commit(ok(TRIAL), epochs(other, 1), List.of()))
                .hasMessage("Cannot commit trial " + TRIAL.id() + " with epochs rows of trial " + other.id());
    }

    @Test
    void keepsAttemptsOfUnfinishedTrials() throws IOException {
        Instant start = Instant.parse("2026-03-01T10:00:00Z");
        AttemptRow lost = new AttemptRow(
                TRIAL.id(), 1, "worker-1", "gpu 0", start, start.plusSeconds(9), AttemptRow.End.LOST, "gone");
        AttemptRow fine = new AttemptRow(TRIAL.id(), 2, "worker-2", "gpu 1", start, start, AttemptRow.End.OK, null);
        store.recordAttempt(fine);
        store.recordAttempt(lost);

        assertThat(store.attempts()).containsExactly(lost, fine);
        assertThatThrownBy(() -> store.recordAttempt(lost))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("Cannot record attempt 1 of trial " + TRIAL.id());
    }

    @Test
    void writesOneRowARoleAndRefusesAnotherPlanUnderTheSameId() throws IOException {
        List<PlannedTrial> plan = List.of(new PlannedTrial(TRIAL, EnumSet.of(Role.BASELINE, Role.GRID)));
        store.writePlan("study-1", plan);
        store.writePlan("study-1", plan);

        assertThat(store.plan("study-1"))
                .extracting(row -> row.withPlannedAt(null))
                .containsExactly(
                        new PlanRow("study-1", TRIAL.id(), Role.GRID, null),
                        new PlanRow("study-1", TRIAL.id(), Role.BASELINE, null));
        assertThatThrownBy(() -> store.writePlan("study-1", List.of(new PlannedTrial(TRIAL, Set.of(Role.LINE)))))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("Give the changed sweep another id");
        assertThatThrownBy(() -> store.plan("study-2"))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("No sweep study-2")
                .hasMessageEndingWith("it has [study-1]");
        assertThatThrownBy(() -> store.writePlan("../up", plan))
                .hasMessageContaining("Cannot name a plan file '../up'");
    }

    @Test
    void listsTheSweepFirstThatWasPlannedLastWhateverTheTimesOfFiles() throws IOException {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MICROS);
        store.writePlan("z-old", PLAN);
        store.writePlan("new", PLAN);
        touch("z-old", before.plusSeconds(3600));
        touch("new", Instant.EPOCH);

        assertThat(store.sweeps()).extracting(SweepRef::id).containsExactly("new", "z-old");
        assertThat(store.sweeps())
                .allSatisfy(sweep -> assertThat(sweep.plannedAt()).isBetween(before, Instant.now()));
    }

    @Test
    void aSweepThatIsContinuedIsTheNewest() throws IOException {
        store.writePlan("first", PLAN);
        store.writePlan("second", PLAN);
        assertThat(store.sweeps()).extracting(SweepRef::id).containsExactly("second", "first");

        store.writePlan("first", PLAN);

        assertThat(store.sweeps()).extracting(SweepRef::id).containsExactly("first", "second");
        assertThat(store.plan("first")).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aSweepIsTheNewestAlsoWhereTheOneBeforeWasPlannedOnAMachineWhoseClockIsAhead() throws IOException {
        Instant ahead = Instant.now().plus(72, ChronoUnit.HOURS);
        store.writePlan("ahead", List.of(new PlanRow("ahead", TRIAL.id(), Role.GRID, null)), ahead);
        store.writePlan("new", PLAN);
        assertThat(store.sweeps()).extracting(SweepRef::id).containsExactly("new", "ahead");
    }

    @Test
    void aPlansTimeIsNotSetBackAndARefusedPlanDoesNotChangeIt() throws IOException {
        store.writePlan("study", PLAN);
        store.writePlan("study", store.plan("study"), LATE);
        store.writePlan("study", store.plan("study"), LATE.minusSeconds(1));
        assertThatThrownBy(() -> store.writePlan("study", List.of(), LATE.plusSeconds(1)))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(store.sweeps()).containsExactly(new SweepRef("study", LATE));
    }

    @Test
    void the_plan_of_a_race_grows_and_never_shrinks_or_takes_trials_of_another_one() throws IOException {
        PlannedTrial first = new PlannedTrial(SampleOutcomes.trial(0.1, 0.9, 0, 1), Set.of(Role.GRID));
        PlannedTrial second = new PlannedTrial(SampleOutcomes.trial(0.1, 0.9, 0, 2), Set.of(Role.GRID));
        PlannedTrial other = new PlannedTrial(SampleOutcomes.trial(0.2, 0.8, 0, 1), Set.of(Role.GRID));
        store.growPlan("race", List.of(first));
        store.growPlan("race", List.of(first, second));
        store.growPlan("race", List.of(second));
        assertThat(store.plan("race"))
                .extracting(PlanRow::trialId)
                .containsExactlyInAnyOrder(first.trial().id(), second.trial().id());
        assertThatThrownBy(() -> store.growPlan("race", List.of(first, other)))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    /** As plans of schema_version 1 were, whose only time was the file's. */
    private void writeUndated(String sweep, Trial trial, Instant fileTime) throws IOException {
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(
                directory.resolve("plan/" + sweep + ".parquet").toUri());
        AtomicFiles.writeNew(
                file.getFileSystem(new Configuration()),
                file,
                out -> new PlanTableOfVersionOne()
                        .write(new Configuration(), out, List.of(new PlanRow(sweep, trial.id(), Role.GRID, null))));
        touch(sweep, fileTime);
    }

    private void touch(String sweep, Instant time) throws IOException {
        Files.setLastModifiedTime(directory.resolve("plan/" + sweep + ".parquet"), FileTime.from(time));
    }

    @Test
    void aPlanWithoutATimeHasThatOfItsLastTrialsStartOrElseOfItsFile() throws IOException {
        Trial unfinished = trial(0.2, 0.8, 0, 2);
        store.commit(ok(TRIAL), epochs(TRIAL, 1), reliability(TRIAL));
        Instant started = ok(TRIAL).run().startedAt();
        // A file's time is in milliseconds.
        Instant second = started.truncatedTo(ChronoUnit.SECONDS);
        writeUndated("checked-out-late", TRIAL, started.plusSeconds(3600));
        writeUndated("never-finished", unfinished, second.plusSeconds(60));
        writeUndated("long-ago", unfinished, second.minusSeconds(60));

        assertThat(store.plan("long-ago")).extracting(PlanRow::plannedAt).containsOnlyNulls();
        assertThat(store.sweeps())
                .containsExactly(
                        new SweepRef("never-finished", second.plusSeconds(60)),
                        new SweepRef("checked-out-late", started),
                        new SweepRef("long-ago", second.minusSeconds(60)));
    }

    @Test
    void aPlanWithoutATimeIsNotMadeYoungerByALaterSweepThatTrainsItsTrial() throws IOException {
        Instant started = ok(TRIAL).run().startedAt();
        Instant old = started.truncatedTo(ChronoUnit.SECONDS).minusSeconds(86_400);
        writeUndated("old", TRIAL, old);
        store.writePlan("new", List.of(new PlanRow("new", TRIAL.id(), Role.GRID, null)), started.minusSeconds(60));
        store.commit(ok(TRIAL), epochs(TRIAL, 1), reliability(TRIAL));

        assertThat(store.sweeps())
                .containsExactly(new SweepRef("new", started.minusSeconds(60)), new SweepRef("old", old));
    }

    @Test
    void aPlanWithoutATimeGetsOneWhenItsSweepIsContinued() throws IOException {
        writeUndated("old", TRIAL, LATE);
        store.writePlan("new", PLAN);

        store.writePlan("old", List.of(new PlannedTrial(TRIAL, Set.of(Role.GRID))));

        assertThat(store.plan("old")).extracting(PlanRow::plannedAt).doesNotContainNull();
        assertThat(store.sweeps()).extracting(SweepRef::id).containsExactly("old", "new");
    }

    private static final class PlanTableOfVersionOne extends Table<PlanRow> {
        PlanTableOfVersionOne() {
            super("plan", 1);
            column("sweep_id", ColumnType.TEXT, PlanRow::sweepId);
            column("trial_id", ColumnType.TEXT, PlanRow::trialId);
            column("role", ColumnType.wordOf(Role.class), PlanRow::role);
        }

        @Override
        String key(PlanRow row) {
            return row.sweepId();
        }

        @Override
        PlanRow fromRow(Row row) {
            throw new UnsupportedOperationException("only written");
        }
    }

    private Path file(String table, String name) {
        return directory.resolve(table).resolve(name);
    }

    /** What other programs, disks and users leave among the files. */
    private void litter(String table, String key) throws IOException {
        byte[] sound = Files.readAllBytes(file(table, key + ".parquet"));
        Files.writeString(file(table, "README.txt"), "not a table");
        Files.write(file(table, "Thumbs.db"), new byte[100]);
        Files.writeString(file(table, "." + key + ".parquet.crc"), "stale");
        for (String copy : List.of(" copy", " (1)", ".sync-conflict-20260301-101010-ABCDEFG", "-old", "é")) {
            Files.write(file(table, key + copy + ".parquet"), sound);
        }
        Files.write(file(table, "0123456789abcdef0123.parquet"), sound);
        Files.write(file(table, "1123456789abcdef0123.parquet"), new byte[0]);
        Files.write(file(table, "2123456789abcdef0123.parquet"), Arrays.copyOf(sound, sound.length / 2));
        Files.writeString(file(table, "3123456789abcdef0123.parquet"), "no table, but long enough to be taken for one");
        Files.createDirectories(file(table, "4123456789abcdef0123.parquet"));
        Files.write(file(table, "pack-0123456789ab.parquet"), sound);
    }

    @Test
    void takesForRowsWhatIsNamedAsItsContentSaysAndCanBeRead() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 2), reliability(TRIAL));
        store.recordAttempt(new AttemptRow(TRIAL.id(), 1, "", "", LATE, LATE, AttemptRow.End.OK, null));
        store.writePlan("study", PLAN);
        for (String table : List.of("trials", "epochs", "reliability")) {
            litter(table, TRIAL.id());
        }
        litter("attempts", TRIAL.id() + "-1");
        litter("plan", "study");

        assertThat(store.trials()).containsExactly(ok(TRIAL));
        assertThat(store.finishedIds()).containsExactly(TRIAL.id());
        assertThat(store.epochs()).isEqualTo(epochs(TRIAL, 2));
        assertThat(store.reliability()).isEqualTo(reliability(TRIAL));
        assertThat(store.attempts()).hasSize(1);
        assertThat(store.sweeps()).extracting(SweepRef::id).containsExactly("study");
        assertThat(store.trialId("")).isEqualTo(TRIAL.id());
    }

    @Test
    void makesAnewWhatCanNotBeReadAndKeepsWhatWasThere() throws IOException {
        AttemptRow attempt = new AttemptRow(TRIAL.id(), 1, "", "", LATE, LATE, AttemptRow.End.OK, null);
        store.commit(ok(TRIAL), epochs(TRIAL, 2), reliability(TRIAL));
        store.recordAttempt(attempt);
        store.writePlan("study", PLAN);
        List<Path> rows = List.of(
                file("trials", TRIAL.id() + ".parquet"),
                file("attempts", TRIAL.id() + "-1.parquet"),
                file("plan", "study.parquet"));
        for (Path row : rows) {
            Files.writeString(row, "damaged");
        }
        assertThat(store.trial(TRIAL.id())).isNull();
        assertThat(store.finishedIds()).isEmpty();
        assertThat(store.epochs()).isEmpty();

        assertThat(store.commit(ok(TRIAL), epochs(TRIAL, 2), reliability(TRIAL)))
                .isTrue();
        store.recordAttempt(attempt);
        store.writePlan("study", PLAN);

        assertThat(store.trials()).containsExactly(ok(TRIAL));
        assertThat(store.attempts()).containsExactly(attempt);
        assertThat(store.plan("study")).hasSize(2);
        for (Path row : rows) {
            try (Stream<Path> beside = Files.list(row.getParent())) {
                assertThat(beside.filter(file -> file.toString().startsWith(row + ".damaged-")))
                        .singleElement()
                        .satisfies(aside -> assertThat(aside).hasContent("damaged"));
            }
        }
    }

    @Test
    void seesAFileThatHasChangedSinceItWasRead() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 2), reliability(TRIAL));
        assertThat(store.finishedIds()).containsExactly(TRIAL.id());

        Files.write(file("trials", TRIAL.id() + ".parquet"), new byte[0]);

        assertThat(store.finishedIds()).isEmpty();
    }

    /** The files were written before there were columns for what temperature scaling by ECE does. */
    @Test
    void readsResultsOfEarlierVersions() throws IOException {
        String id = "2b0e9931267b5afe48cc";
        for (String table : List.of("trials", "reliability")) {
            Files.createDirectories(directory.resolve(table));
            try (InputStream old = getClass().getResourceAsStream("/results/" + table + ".parquet")) {
                Files.copy(old, directory.resolve(table).resolve(id + ".parquet"));
            }
        }

        assertThat(store.trials()).singleElement().satisfies(outcome -> {
            assertThat(outcome.trial().id()).isEqualTo(id);
            assertThat(outcome.testMetrics().scaledByNll().temperature()).isPositive();
            assertThat(outcome.testMetrics().scaledByNll().nll()).isNull();
            assertThat(outcome.testMetrics().scaledByEce()).isNull();
        });
        assertThat(store.reliability())
                .hasSize(15)
                .allSatisfy(bin -> assertThat(bin.scaled()).isNull());
    }

    /** No more is trained so: the configuration refuses it. */
    @Test
    void readsTrialsOfTemperaturesThatOnceWereAllowed() throws IOException {
        LossSettings hot =
                new LossSettings(new LossWeights(0.5, 0.5, 0), 1e30, KlDirection.TEACHER_STUDENT, FocalForm.FIXED, 2);
        Trial trial = trial(hot, 1, false);
        store.commit(diverged(trial), List.of(), List.of());

        assertThat(store.trials()).containsExactly(diverged(trial));
    }

    @Test
    void saysWhenAFileIsOfAnUnknownSchemaVersion() throws IOException {
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(
                directory.resolve("plan/future.parquet").toUri());
        AtomicFiles.writeNew(
                file.getFileSystem(new Configuration()),
                file,
                out -> new FutureTable().write(new Configuration(), out, List.of("x")));

        assertThatThrownBy(() -> store.plan("future"))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(
                        "future.parquet: it has schema_version 7, but this program knows only 1 to 4; use the"
                                + " version of the program that wrote it, or a later one");
    }

    /** It may be a result of somebody's: a reader that knows its values finds it. */
    @Test
    void doesNotPassOverAWholeRowWithAValueThatItRefuses() throws IOException {
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(
                directory.resolve("plan/odd.parquet").toUri());
        AtomicFiles.writeNew(
                file.getFileSystem(new Configuration()),
                file,
                out -> new OddPlanTable().write(new Configuration(), out, List.of("odd")));

        assertThatThrownBy(() -> store.plan("odd"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("odd.parquet: 'leader' is none of [grid, ")
                .hasMessageContaining("Move the file away to go on without it");
        assertThat(directory.resolve("plan/odd.parquet")).exists();
    }

    /** A plan with a role that nobody knows. */
    private static final class OddPlanTable extends Table<String> {
        OddPlanTable() {
            super("plan");
            column("sweep_id", ColumnType.TEXT, row -> row);
            column("trial_id", ColumnType.TEXT, row -> row);
            column("role", ColumnType.TEXT, row -> "leader");
        }

        @Override
        String key(String row) {
            return row;
        }

        @Override
        String fromRow(Row row) {
            throw new UnsupportedOperationException();
        }
    }

    /** A table as a later program might write it. */
    private static final class FutureTable extends Table<String> {
        FutureTable() {
            super("plan", 7);
            column("sweep", ColumnType.TEXT, row -> row);
        }

        @Override
        String key(String row) {
            return row;
        }

        @Override
        String fromRow(Row row) {
            throw new UnsupportedOperationException("only written");
        }
    }
}
