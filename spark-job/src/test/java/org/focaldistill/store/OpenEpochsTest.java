package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.sweep.SampleOutcomes.diverged;
import static org.focaldistill.sweep.SampleOutcomes.epochs;
import static org.focaldistill.sweep.SampleOutcomes.ok;
import static org.focaldistill.sweep.SampleOutcomes.openEpochs;
import static org.focaldistill.sweep.SampleOutcomes.reliability;
import static org.focaldistill.sweep.SampleOutcomes.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenEpochsTest {
    private static final Trial TRIAL = trial(0.1, 0.9, 0.01, 1);
    private static final Trial OTHER = trial(0.2, 0.8, 0, 2);

    @TempDir
    private Path directory;

    private ResultStore store;

    @BeforeEach
    void openStore() throws IOException {
        store = store(directory);
    }

    private static ResultStore store(Path folder) throws IOException {
        return new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
    }

    private Path file() {
        return directory.resolve("open_epochs/" + TRIAL.id() + ".parquet");
    }

    @Test
    void a_folder_without_any_has_none() throws IOException {
        assertThat(store.openEpochs().courses()).isEmpty();
        assertThat(store.openEpochs().course(TRIAL.id())).isEmpty();
        assertThat(store(Path.of("../notebooks/study")).openEpochs().courses()).isEmpty();
    }

    @Test
    void a_course_is_read_as_it_was_written_last() throws IOException {
        store.openEpochs().write(openEpochs(TRIAL, 2, 1));
        store.openEpochs().write(openEpochs(OTHER, 7, 1));
        store.openEpochs().write(openEpochs(TRIAL, 3, 2));

        assertThat(store.openEpochs().courses())
                .hasSize(2)
                .containsEntry(TRIAL.id(), openEpochs(TRIAL, 3, 2))
                .containsEntry(OTHER.id(), openEpochs(OTHER, 7, 1));
        assertThat(store.openEpochs().course(TRIAL.id())).isEqualTo(openEpochs(TRIAL, 3, 2));
        assertThat(store.epochs()).isEmpty();
        assertThat(store.finishedIds()).isEmpty();
    }

    @Test
    void the_commit_of_a_trial_ends_its_course_however_it_ended() throws IOException {
        store.openEpochs().write(openEpochs(TRIAL, 2, 1));
        store.openEpochs().write(openEpochs(OTHER, 2, 1));
        store.commit(ok(TRIAL), epochs(TRIAL, 3), reliability(TRIAL));
        store.commit(diverged(OTHER), epochs(OTHER, 1), List.of());

        assertThat(file()).doesNotExist();
        assertThat(store.openEpochs().courses()).isEmpty();
    }

    /** An executor that was given up for lost goes on until it sees that it was. */
    @Test
    void what_comes_after_the_commit_does_not_open_the_trial_again() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 3), reliability(TRIAL));
        store.openEpochs().write(openEpochs(TRIAL, 2, 1));

        assertThat(file()).exists();
        for (ResultStore reader : List.of(store, store(directory))) {
            assertThat(reader.openEpochs().courses()).isEmpty();
            assertThat(reader.openEpochs().course(TRIAL.id())).isEmpty();
            assertThat(reader.epochs()).isEqualTo(epochs(TRIAL, 3));
        }
    }

    @Test
    void a_packed_trial_is_not_open_and_packs_have_no_open_ones() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 3), reliability(TRIAL));
        store.openEpochs().write(openEpochs(OTHER, 2, 1));
        ResultStore pack = store(directory.resolve("pack"));
        ResultPack.add(store, pack);
        pack.openEpochs().write(openEpochs(TRIAL, 2, 1));

        assertThat(pack.openEpochs().courses()).isEmpty();
    }

    @Test
    void what_is_no_row_is_passed_over() throws IOException {
        store.openEpochs().write(openEpochs(TRIAL, 2, 1));
        byte[] content = Files.readAllBytes(file());
        Files.write(file().resolveSibling("0123456789abcdef0123.parquet"), content);
        Files.write(file().resolveSibling(OTHER.id() + ".parquet"), new byte[10]);
        Files.write(file().resolveSibling("pack-0123456789ab.parquet"), content);

        assertThat(store.openEpochs().courses()).containsOnlyKeys(TRIAL.id());
    }

    /** Reading a trial's settings for each of its rows would take a minute for those of a large cluster. */
    @Test
    void the_rows_of_a_course_share_its_trial() throws IOException {
        store.openEpochs().write(openEpochs(TRIAL, 3, 1));
        List<OpenEpochRow> course = store(directory).openEpochs().course(TRIAL.id());
        assertThat(course)
                .hasSize(3)
                .allSatisfy(
                        row -> assertThat(row.trial()).isSameAs(course.get(0).trial()));
    }

    @Test
    void a_row_whose_settings_are_another_trial_s_is_none() throws IOException {
        store.openEpochs().write(List.of(openEpochs(TRIAL, 1, 1).get(0)));
        OpenEpochRow other = openEpochs(OTHER, 1, 1).get(0);
        OpenEpochRow mixed = new OpenEpochRow(TRIAL, 1, other.host(), other.device(), other.writtenAt(), other.epoch());
        store.openEpochs().files().replace(OTHER.id(), List.of(mixed));
        assertThat(store.openEpochs().courses()).containsOnlyKeys(TRIAL.id());
    }

    @Test
    void epochs_of_two_trials_are_not_written_as_one_s() throws IOException {
        assertThatThrownBy(() -> store.openEpochs()
                        .write(List.of(
                                openEpochs(TRIAL, 1, 1).get(0),
                                openEpochs(OTHER, 1, 1).get(0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(OTHER.id());
        assertThat(file()).doesNotExist();
    }
}
