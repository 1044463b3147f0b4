package org.focaldistill.store;

import java.util.function.Function;
import org.focaldistill.sweep.Trial;
import org.focaldistill.text.Words;

/** The columns by which people tell trials of a sweep from each other. */
final class TrialColumns {
    private TrialColumns() {}

    /**
     * Declares them as a table's next ones.
     *
     * @param of the trial of a row
     */
    static <T> void add(Table<T> table, Function<T, Trial> of) {
        table.column("student", ColumnType.TEXT, of.andThen(Trial::student));
        table.column(
                "alpha",
                ColumnType.DOUBLE,
                of.andThen(trial -> trial.loss().weights().alpha()));
        table.column(
                "beta",
                ColumnType.DOUBLE,
                of.andThen(trial -> trial.loss().weights().beta()));
        table.column(
                "gamma",
                ColumnType.DOUBLE,
                of.andThen(trial -> trial.loss().weights().gamma()));
        table.column(
                "temperature",
                ColumnType.DOUBLE,
                of.andThen(trial -> trial.loss().temperature()));
        table.column(
                "kl_direction",
                ColumnType.TEXT,
                of.andThen(trial -> Words.of(trial.loss().klDirection())));
        table.column(
                "focal_form",
                ColumnType.TEXT,
                of.andThen(trial -> Words.of(trial.loss().focalForm())));
        table.column(
                "focal_exponent",
                ColumnType.DOUBLE,
                of.andThen(trial -> trial.loss().focalExponent()));
        table.column("data_seed", ColumnType.LONG, of.andThen(Trial::dataSeed));
        table.column("init_seed", ColumnType.LONG, of.andThen(Trial::initSeed));
        table.column(
                "epochs", ColumnType.INT, of.andThen(trial -> trial.recipe().epochs()));
    }
}
