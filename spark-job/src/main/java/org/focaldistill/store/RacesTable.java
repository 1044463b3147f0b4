package org.focaldistill.store;

import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.race.CellState;
import org.focaldistill.sweep.race.Question;
import org.focaldistill.sweep.race.RaceEnd;
import org.focaldistill.sweep.race.RaceQuantity;
import org.focaldistill.sweep.race.RaceRow;

/** {@code races/}: what a sweep that races knows of its cells. */
final class RacesTable extends Table<RaceRow> {
    private final Column<RaceRow, String> sweepId = column("sweep_id", ColumnType.TEXT, RaceRow::sweepId);
    private final Column<RaceRow, String> trialId =
            column("trial_id", ColumnType.TEXT, row -> row.trial().id());
    private final Column<RaceRow, Question> question =
            column("question", ColumnType.wordOf(Question.class), RaceRow::question);
    private final Column<RaceRow, RaceQuantity> by =
            column("compared_by", ColumnType.wordOf(RaceQuantity.class), RaceRow::by);
    private final Column<RaceRow, Boolean> heldOut = column("held_out", ColumnType.BOOLEAN, RaceRow::heldOut);
    private final Column<RaceRow, Double> margin = column("margin", ColumnType.DOUBLE, RaceRow::margin);
    private final Column<RaceRow, Integer> looks = column("looks", ColumnType.INT, RaceRow::looks);
    private final Column<RaceRow, Integer> roundSeeds = column("round_seeds", ColumnType.INT, RaceRow::roundSeeds);
    private final Column<RaceRow, Integer> mostSeeds = column("most_seeds", ColumnType.INT, RaceRow::mostSeeds);
    private final Column<RaceRow, CellState> state =
            column("state", ColumnType.wordOf(CellState.class), RaceRow::state);
    private final Column<RaceRow, Integer> seeds = column("seeds", ColumnType.INT, RaceRow::seeds);
    private final Column<RaceRow, Double> difference = nullable("difference", ColumnType.DOUBLE, RaceRow::difference);
    private final Column<RaceRow, Double> reach = nullable("reach", ColumnType.DOUBLE, RaceRow::reach);
    private final Column<RaceRow, Double> noiseSd = nullable("noise_sd", ColumnType.DOUBLE, RaceRow::noiseSd);
    private final Column<RaceRow, Double> noisySd = nullable("noisy_sd", ColumnType.DOUBLE, RaceRow::noisySd);
    private final Column<RaceRow, RaceEnd> end = nullable("end", ColumnType.wordOf(RaceEnd.class), RaceRow::end);

    private final Column<RaceRow, String> configJson =
            column("config_json", ColumnType.TEXT, row -> TrialJson.write(row.trial()));

    RacesTable() {
        super("races");
    }

    @Override
    String key(RaceRow row) {
        return row.sweepId();
    }

    @Override
    RaceRow fromRow(Row row) {
        Trial trial = TrialJson.read(row.get(configJson));
        if (!trial.id().equals(row.get(trialId))) {
            throw new IllegalStateException(
                    "its trial_id is " + row.get(trialId) + ", but its config_json is trial " + trial.id());
        }
        return new RaceRow(
                row.get(sweepId),
                trial,
                row.get(question),
                row.get(by),
                row.get(heldOut),
                row.get(margin),
                row.get(looks),
                row.get(roundSeeds),
                row.get(mostSeeds),
                row.get(state),
                row.get(seeds),
                row.getOrNull(difference),
                row.getOrNull(reach),
                row.getOrNull(noiseSd),
                row.getIfThere(noisySd),
                row.getOrNull(end));
    }
}
