package org.focaldistill.store;

import org.focaldistill.sweep.ReliabilityRow;
import org.focaldistill.sweep.ReliabilityRow.Filling;

/** {@code reliability/}: the bins of a trial's reliability diagram. */
final class ReliabilityTable extends Table<ReliabilityRow> {
    private final Column<ReliabilityRow, String> trialId = column("trial_id", ColumnType.TEXT, ReliabilityRow::trialId);
    private final Column<ReliabilityRow, Integer> bin = column("bin", ColumnType.INT, ReliabilityRow::bin);
    private final Column<ReliabilityRow, Double> lower = column("lower", ColumnType.DOUBLE, ReliabilityRow::lower);
    private final Column<ReliabilityRow, Double> upper = column("upper", ColumnType.DOUBLE, ReliabilityRow::upper);
    private final Column<ReliabilityRow, Long> count = column("count", ColumnType.LONG, ReliabilityRow::count);
    private final Column<ReliabilityRow, Double> confidence =
            column("confidence", ColumnType.DOUBLE, ReliabilityRow::confidence);
    private final Column<ReliabilityRow, Double> accuracy =
            column("accuracy", ColumnType.DOUBLE, ReliabilityRow::accuracy);
    private final Column<ReliabilityRow, Long> countScaled =
            nullable("count_scaled", ColumnType.LONG, part(ReliabilityRow::scaled, Filling::count));
    private final Column<ReliabilityRow, Double> confidenceScaled =
            nullable("confidence_scaled", ColumnType.DOUBLE, part(ReliabilityRow::scaled, Filling::confidence));
    private final Column<ReliabilityRow, Double> accuracyScaled =
            nullable("accuracy_scaled", ColumnType.DOUBLE, part(ReliabilityRow::scaled, Filling::accuracy));

    ReliabilityTable() {
        super("reliability");
    }

    @Override
    String key(ReliabilityRow row) {
        return row.trialId();
    }

    @Override
    ReliabilityRow fromRow(Row row) {
        return new ReliabilityRow(
                row.get(trialId),
                row.get(bin),
                row.get(lower),
                row.get(upper),
                row.get(count),
                row.get(confidence),
                row.get(accuracy),
                row.getIfThere(countScaled) == null
                        ? null
                        : new Filling(row.get(countScaled), row.get(confidenceScaled), row.get(accuracyScaled)));
    }
}
