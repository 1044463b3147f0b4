package org.focaldistill.store;

import java.time.Instant;
import org.focaldistill.sweep.AttemptRow;

/** {@code attempts/}: every try at a trial. */
final class AttemptsTable extends Table<AttemptRow> {
    private final Column<AttemptRow, String> trialId = column("trial_id", ColumnType.TEXT, AttemptRow::trialId);
    private final Column<AttemptRow, Integer> attempt = column("attempt", ColumnType.INT, AttemptRow::attempt);
    private final Column<AttemptRow, String> host = column("host", ColumnType.TEXT, AttemptRow::host);
    private final Column<AttemptRow, String> device = column("device", ColumnType.TEXT, AttemptRow::device);
    private final Column<AttemptRow, Instant> startedAt =
            column("started_at", ColumnType.TIMESTAMP, AttemptRow::startedAt);
    private final Column<AttemptRow, Instant> finishedAt =
            column("finished_at", ColumnType.TIMESTAMP, AttemptRow::finishedAt);
    private final Column<AttemptRow, AttemptRow.End> end =
            column("end", ColumnType.constantOf(AttemptRow.End.class), AttemptRow::end);
    private final Column<AttemptRow, String> error = nullable("error", ColumnType.TEXT, AttemptRow::error);

    AttemptsTable() {
        super("attempts");
    }

    @Override
    String key(AttemptRow row) {
        return row.trialId() + "-" + row.attempt();
    }

    @Override
    AttemptRow fromRow(Row row) {
        return new AttemptRow(
                row.get(trialId),
                row.get(attempt),
                row.get(host),
                row.get(device),
                row.get(startedAt),
                row.get(finishedAt),
                row.get(end),
                row.getOrNull(error));
    }
}
