package org.focaldistill.store;

import java.time.Instant;
import java.util.List;
import org.focaldistill.sweep.Role;

/** {@code plan/}: which trials a sweep consists of. */
final class PlanTable extends Table<PlanRow> {
    private final Column<PlanRow, String> sweepId = column("sweep_id", ColumnType.TEXT, PlanRow::sweepId);
    private final Column<PlanRow, String> trialId = column("trial_id", ColumnType.TEXT, PlanRow::trialId);
    private final Column<PlanRow, Role> role = column("role", ColumnType.wordOf(Role.class), PlanRow::role);
    private final Column<PlanRow, Instant> plannedAt = nullable("planned_at", ColumnType.TIMESTAMP, PlanRow::plannedAt);

    PlanTable() {
        super("plan");
    }

    @Override
    String key(PlanRow row) {
        return row.sweepId();
    }

    /** Plans are not packed. */
    @Override
    void requireRowsOf(String name, List<PlanRow> rows) throws DamagedFileException {
        requireKey(name, rows);
    }

    @Override
    PlanRow fromRow(Row row) {
        return new PlanRow(row.get(sweepId), row.get(trialId), row.get(role), row.getIfThere(plannedAt));
    }
}
