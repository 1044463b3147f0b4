package org.focaldistill.store;

import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.SplitLoss;

/** {@code epochs/}: a trial's course, one row an epoch. */
final class EpochsTable extends Table<EpochRow> {
    private final Column<EpochRow, String> trialId = column("trial_id", ColumnType.TEXT, EpochRow::trialId);
    private final Column<EpochRow, Integer> epoch = column("epoch", ColumnType.INT, EpochRow::epoch);
    private final Column<EpochRow, Double> learningRate =
            column("learning_rate", ColumnType.DOUBLE, EpochRow::learningRate);
    private final LossColumns train = loss("train", EpochRow::train);
    private final LossColumns validation = loss("val", EpochRow::validation);
    private final Column<EpochRow, Double> valTop1 = nullable("val_top1", ColumnType.DOUBLE, EpochRow::valTop1);
    private final Column<EpochRow, Double> valEce = nullable("val_ece", ColumnType.DOUBLE, EpochRow::valEce);
    private final Column<EpochRow, Double> gradNorm = column("grad_norm", ColumnType.DOUBLE, EpochRow::gradNorm);
    private final Column<EpochRow, Double> seconds = column("seconds", ColumnType.DOUBLE, EpochRow::seconds);
    private final Column<EpochRow, Double> imagesPerSecond =
            column("images_per_second", ColumnType.DOUBLE, EpochRow::imagesPerSecond);

    EpochsTable() {
        super("epochs");
    }

    @Override
    String key(EpochRow row) {
        return row.trialId();
    }

    @Override
    EpochRow fromRow(Row row) {
        SplitLoss trained = train.read(row);
        if (trained == null) {
            throw new IllegalStateException("epoch " + row.get(epoch) + " has no training loss");
        }
        return new EpochRow(
                row.get(trialId),
                row.get(epoch),
                row.get(learningRate),
                trained,
                validation.read(row),
                row.getOrNull(valTop1),
                row.getOrNull(valEce),
                row.get(gradNorm),
                row.get(seconds),
                row.get(imagesPerSecond));
    }
}
