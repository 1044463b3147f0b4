package org.focaldistill.store;

import static org.focaldistill.store.ColumnType.INT;
import static org.focaldistill.store.ColumnType.TEXT;
import static org.focaldistill.store.ColumnType.TIMESTAMP;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.OpenEpochRow;
import org.focaldistill.sweep.Trial;

/**
 * {@code open_epochs/}: the course of a trial that has no outcome, beside the settings that {@code trials/} has of finished
 * ones.
 */
final class OpenEpochsTable extends Table<OpenEpochRow> {
    /** All rows of a trial say the same of it, which takes longer to read than the rest of them. */
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private final Map<Trial, String> written = new ConcurrentHashMap<>();
    private final EpochColumns<OpenEpochRow> epoch = new EpochColumns<>(this, OpenEpochRow::epoch);

    {
        ofTrial("teacher", TEXT, Trial::teacher);
        TrialColumns.add(this, OpenEpochRow::trial);
    }

    private final Column<OpenEpochRow, Integer> attempt = column("attempt", INT, OpenEpochRow::attempt);
    private final Column<OpenEpochRow, String> host = column("host", TEXT, OpenEpochRow::host);
    private final Column<OpenEpochRow, String> device = column("device", TEXT, OpenEpochRow::device);
    private final Column<OpenEpochRow, Instant> writtenAt = column("written_at", TIMESTAMP, OpenEpochRow::writtenAt);
    private final Column<OpenEpochRow, String> configJson =
            ofTrial("config_json", TEXT, trial -> written.computeIfAbsent(trial, TrialJson::write));

    OpenEpochsTable() {
        super("open_epochs");
    }

    private <V> Column<OpenEpochRow, V> ofTrial(String name, ColumnType<V> type, Function<Trial, V> getter) {
        return column(name, type, row -> getter.apply(row.trial()));
    }

    private record Known(Trial trial, String id) {
        static Known of(String json) {
            Trial trial = TrialJson.read(json);
            return new Known(trial, trial.id());
        }
    }

    @Override
    String key(OpenEpochRow row) {
        return row.epoch().trialId();
    }

    @Override
    OpenEpochRow fromRow(Row row) {
        Known trial = known.computeIfAbsent(row.get(configJson), Known::of);
        EpochRow read = epoch.read(row);
        if (!trial.id().equals(read.trialId())) {
            throw new IllegalStateException(
                    "its trial_id is " + read.trialId() + ", but its config_json is trial " + trial.id());
        }
        return new OpenEpochRow(
                trial.trial(), row.get(attempt), row.get(host), row.get(device), row.get(writtenAt), read);
    }
}
