package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What earlier versions of the program left: the study's rows, a trial of before there were columns for temperature
 * scaling by ECE, and a folder of raw results, {@code schema-1}: a trial whose first attempt failed and which two slots
 * trained, a trial with a mistaken focal form and one that diverged, and one that was interrupted.
 */
class EarlierSchemasTest {
    private static final String STUDY = "../notebooks/study";
    private static final String RESULTS = "src/test/resources/results";
    private static final String SCHEMA_1 = RESULTS + "/schema-1";

    private static ResultStore store(String folder) throws IOException {
        return new ResultStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(Path.of(folder).toUri()));
    }

    /** The rows as they are in the files. */
    private static List<Group> rawTrials(String folder) throws IOException {
        List<Group> rows = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            for (Path file : files.filter(each -> each.toString().matches(".*trials(/.*)?\\.parquet"))
                    .toList()) {
                rows.addAll(raw(file));
            }
        }
        return rows;
    }

    private static List<Group> raw(Path file) {
        List<Group> rows = new ArrayList<>();
        try {
            ParquetRows.read(Files.readAllBytes(file), rows::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {STUDY, RESULTS})
    void the_id_of_every_trial_is_what_its_settings_give_today(String folder) throws IOException {
        List<Group> rows = rawTrials(folder);
        assertThat(rows).hasSize(folder.equals(STUDY) ? 215 : 4).allSatisfy(row -> {
            assertThat(row.getInteger("schema_version", 0)).isEqualTo(1);
            String json = row.getString("config_json", 0);
            assertThat(json).doesNotContain("version");
            assertThat(TrialJson.read(json).id()).isEqualTo(row.getString("trial_id", 0));
            assertThat(TrialJson.read(TrialJson.write(TrialJson.read(json))).id())
                    .isEqualTo(row.getString("trial_id", 0));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {STUDY, SCHEMA_1})
    void every_table_is_read_and_rows_are_of_the_only_engine_there_was(String folder) throws IOException {
        ResultStore store = store(folder);
        Map<String, Long> epochs = count(store.epochs(), EpochRow::trialId);
        Map<String, Long> bins = count(store.reliability(), ReliabilityRow::trialId);
        Set<String> ended = store.attempts().stream()
                .filter(attempt -> attempt.end() == AttemptRow.End.OK)
                .map(AttemptRow::trialId)
                .collect(Collectors.toSet());
        assertThat(store.trials()).hasSizeGreaterThanOrEqualTo(3).allSatisfy(outcome -> {
            String id = outcome.trial().id();
            assertThat(outcome.trial().computation()).isEqualTo(Computation.CPU_FP32);
            assertThat(ResultStore.columns(outcome))
                    .containsEntry("engine", "cpu")
                    .containsEntry("numerics", "fp32")
                    .containsEntry("seed_streams", "plain")
                    .containsEntry("schedule", "steps")
                    .containsEntry("warmup_epochs", 0)
                    .containsEntry("label_smoothing", 0.0);
            assertThat(epochs.getOrDefault(id, 0L)).isEqualTo(outcome.epochsDone());
            assertThat(bins.getOrDefault(id, 0L)).isEqualTo(outcome.status() == TrialStatus.DIVERGED ? 0 : 15);
            assertThat(ended).contains(id);
        });
        assertThat(store.finishedIds()).hasSameSizeAs(store.trials());
        for (SweepRef sweep : store.sweeps()) {
            assertThat(store.plan(sweep.id()))
                    .isNotEmpty()
                    .extracting(PlanRow::plannedAt)
                    .containsOnlyNulls();
        }
    }

    private static <T> Map<String, Long> count(List<T> rows, Function<T, String> trialId) {
        return rows.stream().collect(Collectors.groupingBy(trialId, Collectors.counting()));
    }

    /** Whatever the times at which its files were checked out. */
    @Test
    void the_study_s_newest_sweep_is_the_one_whose_trials_were_started_last() throws IOException {
        assertThat(store(STUDY).sweeps())
                .first()
                .isEqualTo(new SweepRef("6e8997c0453f49ee85e0", Instant.parse("2026-11-25T06:00:55.881Z")));
    }

    @Test
    void a_trial_that_is_under_way_can_be_told_from_its_mark() throws IOException {
        OpenTrials open = new OpenTrials(
                new Configuration(),
                new org.apache.hadoop.fs.Path(Path.of(SCHEMA_1).toUri()));
        assertThat(open.list()).singleElement().satisfies(trial -> {
            assertThat(trial.epoch()).isEqualTo(1);
            assertThat(trial.mark().trial().id()).isEqualTo(trial.id()).isEqualTo("400216118dc8f59c46cb");
        });
    }

    @Test
    void packed_again_they_are_the_same_rows_in_today_s_schema(@org.junit.jupiter.api.io.TempDir Path folder)
            throws IOException {
        ResultStore old = store(SCHEMA_1);
        ResultStore pack = store(folder.toString());
        assertThat(ResultPack.add(old, pack)).isEqualTo(3);

        assertThat(pack.trials())
                .containsExactlyInAnyOrderElementsOf(
                        old.trials().stream().map(TrialOutcome::withoutStudent).toList());
        assertThat(pack.epochs()).containsExactlyInAnyOrderElementsOf(old.epochs());
        assertThat(pack.sweeps()).isEqualTo(old.sweeps());
        assertThat(rawTrials(folder.toString())).hasSize(3).allSatisfy(row -> {
            assertThat(row.getInteger("schema_version", 0)).isEqualTo(Table.SCHEMA_VERSION);
            assertThat(row.getString("engine", 0)).isEqualTo("cpu");
            assertThat(row.getString("config_json", 0)).startsWith("{\"version\":4,");
        });
    }
}
