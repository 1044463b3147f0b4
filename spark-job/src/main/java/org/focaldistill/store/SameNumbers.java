package org.focaldistill.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.weights.Safetensors;
import org.jspecify.annotations.Nullable;

/** Compares what two results folders have of a trial, bit for bit: its row, epochs, reliability bins and weights. */
public final class SameNumbers {
    /** Columns that say where, when and how fast a trial ran. */
    private static final Set<String> CIRCUMSTANCES = Set.of(
            "backend",
            "images_per_second",
            "train_seconds",
            "seconds",
            "host",
            "device",
            "started_at",
            "finished_at",
            "attempt",
            "code_version",
            "student_uri");

    /** Columns that rows of earlier versions do not have. */
    private static final Set<String> LATER = Set.of(
            "test_nll_scaled",
            "calibration_temperature_by_ece",
            "test_ece_scaled_by_ece",
            "test_nll_scaled_by_ece",
            "count_scaled",
            "confidence_scaled",
            "accuracy_scaled");

    private final Configuration configuration;
    private final ResultStore stored;
    private final ResultStore again;

    public SameNumbers(Configuration configuration, ResultStore stored, ResultStore again) {
        this.configuration = configuration;
        this.stored = stored;
        this.again = again;
    }

    /**
     * A line for each difference.
     *
     * @throws IOException if one of the folders does not have the trial
     */
    public List<String> differences(String trialId) throws IOException {
        List<String> differences = new ArrayList<>();
        compare("trials", List.of(outcome(stored, trialId)), List.of(outcome(again, trialId)), differences);
        compare(
                "epochs",
                rows(stored.epochs(trialId), ResultStore::columns),
                rows(again.epochs(trialId), ResultStore::columns),
                differences);
        compare(
                "reliability",
                rows(stored.reliability(trialId), ResultStore::columns),
                rows(again.reliability(trialId), ResultStore::columns),
                differences);
        String weights = weights(stored, trialId);
        String weightsNow = weights(again, trialId);
        if (weights == null && weightsNow != null) {
            differences.add("the stored student's file is gone, so its weights can not be compared");
        } else if (!Objects.equals(weights, weightsNow)) {
            differences.add("the student's weights differ");
        }
        return differences;
    }

    /** The same for the epochs alone that the stored trial has, of which the other may have more. */
    public List<String> differencesOfEpochs(String trialId) throws IOException {
        List<Map<String, @Nullable Object>> before = rows(stored.epochs(trialId), ResultStore::columns);
        List<Map<String, @Nullable Object>> now = rows(again.epochs(trialId), ResultStore::columns);
        List<String> differences = new ArrayList<>();
        compare("epochs", before, now.subList(0, Math.min(before.size(), now.size())), differences);
        return differences;
    }

    private static Map<String, @Nullable Object> outcome(ResultStore store, String trialId) throws IOException {
        TrialOutcome outcome = store.trial(trialId);
        if (outcome == null) {
            throw new IOException("There is no result of trial " + trialId + " in " + store.root());
        }
        return ResultStore.columns(outcome);
    }

    private static <T> List<Map<String, @Nullable Object>> rows(
            List<T> rows, Function<T, Map<String, @Nullable Object>> columns) {
        return rows.stream().map(columns).toList();
    }

    private static void compare(
            String table,
            List<Map<String, @Nullable Object>> before,
            List<Map<String, @Nullable Object>> now,
            List<String> differences) {
        if (before.size() != now.size()) {
            differences.add(table + ": stored " + before.size() + " rows, now " + now.size());
            return;
        }
        for (int row = 0; row < before.size(); row++) {
            Map<String, @Nullable Object> first = before.get(row);
            Map<String, @Nullable Object> second = now.get(row);
            Set<String> columns = new TreeSet<>(first.keySet());
            columns.removeAll(CIRCUMSTANCES);
            for (String column : columns) {
                boolean unknown = LATER.contains(column) && first.get(column) == null;
                if (!unknown && !Objects.equals(first.get(column), second.get(column))) {
                    differences.add(table + "." + column + (before.size() == 1 ? "" : ", row " + (row + 1))
                            + ": stored " + first.get(column) + ", now " + second.get(column));
                }
            }
        }
    }

    /** Hash of the student's tensors; null where its file is gone, or the trial diverged. */
    private @Nullable String weights(ResultStore store, String trialId) throws IOException {
        Path file = store.student(trialId);
        ModelFiles models = new ModelFiles(configuration);
        return models.exists(file) ? Safetensors.hash(models.read(file).tensors()) : null;
    }
}
