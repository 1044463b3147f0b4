package org.focaldistill.store;

import java.io.IOException;
import java.util.List;
import org.focaldistill.sweep.race.RaceRow;

/** What sweeps that race know of their cells: table {@code races/}, a file a sweep that is replaced with every round. */
public final class Races {
    private final TableFiles<RaceRow> files;

    Races(TableFiles<RaceRow> files) {
        this.files = files;
    }

    TableFiles<RaceRow> files() {
        return files;
    }

    /**
     * Replaces what there is of a sweep.
     *
     * @param rows of one sweep, every cell once
     */
    public void write(List<RaceRow> rows) throws IOException {
        files.replace(rows.get(0).sweepId(), rows);
    }

    /** The cells of a sweep, in the order of its plan; none if it does not race. */
    public List<RaceRow> of(String sweepId) throws IOException {
        List<RaceRow> own = TableFiles.isName(sweepId) ? files.own(sweepId) : null;
        return own == null ? List.of() : own;
    }
}
