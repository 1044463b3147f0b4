package org.focaldistill.store;

import java.util.function.Function;
import org.focaldistill.sweep.EpochRow;

/** {@code epochs/}: a trial's course, one row an epoch. */
final class EpochsTable extends Table<EpochRow> {
    private final EpochColumns<EpochRow> epoch = new EpochColumns<>(this, Function.identity());

    EpochsTable() {
        super("epochs");
    }

    @Override
    String key(EpochRow row) {
        return row.trialId();
    }

    @Override
    EpochRow fromRow(Row row) {
        return epoch.read(row);
    }
}
