package org.focaldistill.sweep.race;

import org.focaldistill.sweep.Trial;
import org.jspecify.annotations.Nullable;

/**
 * What a race knows of a cell: a row of {@code races/}.
 *
 * @param sweepId the sweep that races
 * @param trial the cell's trial of the first seed, which has its pair, loss and recipe
 * @param question what is asked
 * @param by what cells are compared by
 * @param heldOut whether on held-out images
 * @param margin differences that do not matter
 * @param looks how often its pair was looked at; 0 in the first round
 * @param roundSeeds of each cell that is still asked about, in the round that is under way or was the last one
 * @param mostSeeds there are to be had
 * @param state of the cell
 * @param seeds of it when it was last looked at
 * @param difference of its mean then from the baseline's or, in a race for the best, from the leader's; null before the first
 *     look, and where it diverged
 * @param reach half the width of that difference's interval; in a race for the best how far noise alone reaches
 * @param noiseSd standard deviation from seed to seed, by the first look, of all cells but one that is much noisier; null
 *     before it
 * @param noisySd the cell's own one, if it is that noisier cell; else null
 * @param end why its pair's race is over; null if it is not
 */
public record RaceRow(
        String sweepId,
        Trial trial,
        Question question,
        RaceQuantity by,
        boolean heldOut,
        double margin,
        int looks,
        int roundSeeds,
        int mostSeeds,
        CellState state,
        int seeds,
        @Nullable Double difference,
        @Nullable Double reach,
        @Nullable Double noiseSd,
        @Nullable Double noisySd,
        @Nullable RaceEnd end) {}
