package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.PlanRow;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.TrialOutcome;

/** A sweep's {@code paths.root} on any file system, and what it left there. */
record SweepFolder(Path root) {
    static SweepFolder of(java.nio.file.Path folder) {
        return new SweepFolder(new Path(folder.toUri()));
    }

    ResultStore store() throws IOException {
        return new ResultStore(new Configuration(), new Path(root, "results"));
    }

    /** By trial. */
    Map<String, TrialOutcome> rows() throws IOException {
        Map<String, TrialOutcome> rows = new HashMap<>();
        store().trials().forEach(row -> rows.put(row.trial().id(), row));
        return rows;
    }

    List<AttemptRow> attempts() throws IOException {
        return store().attempts();
    }

    /** How many attempts ended how. */
    String attemptsByEnd() throws IOException {
        return attempts().stream()
                .collect(Collectors.groupingBy(AttemptRow::end, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", ", "attempts: ", ""));
    }

    List<Path> checkpoints() throws IOException {
        Path folder = new Path(root, "results/checkpoints");
        FileSystem files = folder.getFileSystem(new Configuration());
        List<Path> found = new ArrayList<>();
        for (Path trial : list(files, folder)) {
            list(files, trial).stream()
                    .filter(file -> file.getName().startsWith("epoch-"))
                    .forEach(found::add);
        }
        return found;
    }

    /** Nothing where a trial has just finished and its folder is gone. */
    private static List<Path> list(FileSystem files, Path folder) throws IOException {
        try {
            return Stream.of(files.listStatus(folder)).map(FileStatus::getPath).toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /** The trials of the plan that was run last. */
    List<String> planned() throws IOException {
        return store().plan(store().sweeps().get(0).id()).stream()
                .map(PlanRow::trialId)
                .distinct()
                .sorted()
                .toList();
    }

    /** The trials that have a row, as often as they have one. */
    List<String> found() throws IOException {
        return store().trials().stream().map(row -> row.trial().id()).sorted().toList();
    }

    void assertExactlyThePlansRows() throws IOException {
        assertThat(found()).isEqualTo(planned());
    }

    /** All that does not depend on when and where a trial ran, bit for bit. */
    void assertSameNumbersAs(SweepFolder other) throws IOException {
        assertSameNumbersAs(other.rows());
    }

    void assertSameNumbersAs(Map<String, TrialOutcome> expected) throws IOException {
        Map<String, TrialOutcome> rows = rows();
        assertThat(rows.keySet()).isEqualTo(expected.keySet());
        expected.forEach((id, row) -> {
            TrialOutcome found = rows.get(id);
            assertThat(found.status()).isEqualTo(row.status());
            assertThat(found.train()).isEqualTo(row.train());
            assertThat(found.validation()).isEqualTo(row.validation());
            assertThat(found.test()).isEqualTo(row.test());
            assertThat(found.testMetrics()).isEqualTo(row.testMetrics());
            assertThat(found.bestEpoch()).isEqualTo(row.bestEpoch());
            assertThat(found.bestTestTop1()).isEqualTo(row.bestTestTop1());
        });
    }
}
