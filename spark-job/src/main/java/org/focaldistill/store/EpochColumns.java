package org.focaldistill.store;

import java.util.function.Function;
import org.focaldistill.sweep.EpochRow;

/**
 * The columns of an epoch, the first ones of a table that has them.
 *
 * @param <T> what a row of the table is in Java
 */
final class EpochColumns<T> {
    private final Column<T, String> trialId;
    private final Column<T, Integer> epoch;
    private final Column<T, Double> learningRate;
    private final Table.LossColumns train;
    private final Table.LossColumns validation;
    private final Column<T, Double> valTop1;
    private final Column<T, Double> valEce;
    private final Column<T, Double> gradNorm;
    private final Column<T, Double> seconds;
    private final Column<T, Double> imagesPerSecond;

    /** @param of the epoch in a row */
    EpochColumns(Table<T> table, Function<T, EpochRow> of) {
        trialId = table.column("trial_id", ColumnType.TEXT, of.andThen(EpochRow::trialId));
        epoch = table.column("epoch", ColumnType.INT, of.andThen(EpochRow::epoch));
        learningRate = table.column("learning_rate", ColumnType.DOUBLE, of.andThen(EpochRow::learningRate));
        train = table.loss("train", row -> of.apply(row).train());
        validation = table.loss("val", row -> of.apply(row).validation());
        valTop1 = table.nullable(
                "val_top1", ColumnType.DOUBLE, row -> of.apply(row).valTop1());
        valEce = table.nullable(
                "val_ece", ColumnType.DOUBLE, row -> of.apply(row).valEce());
        gradNorm = table.column("grad_norm", ColumnType.DOUBLE, of.andThen(EpochRow::gradNorm));
        seconds = table.column("seconds", ColumnType.DOUBLE, of.andThen(EpochRow::seconds));
        imagesPerSecond = table.column("images_per_second", ColumnType.DOUBLE, of.andThen(EpochRow::imagesPerSecond));
    }

    EpochRow read(Row row) {
        var trained = train.read(row);
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
