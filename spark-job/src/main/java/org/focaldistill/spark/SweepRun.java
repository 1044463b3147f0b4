package org.focaldistill.spark;

import java.util.List;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.race.Race;
import org.focaldistill.sweep.race.RaceRow;

/**
 * What a run of a sweep trains.
 *
 * @param sweepId the sweep's identity
 * @param plan its trials; of a race those of its rounds so far
 * @param possible with those that later rounds may have; of any other sweep the same
 * @param race what is known of the cells when a round of a race begins; empty for any other sweep
 */
public record SweepRun(String sweepId, SweepPlan plan, SweepPlan possible, List<RaceRow> race) {
    public SweepRun {
        race = List.copyOf(race);
    }

    /** All of a sweep that does not race. */
    public static SweepRun of(SweepPlan plan) {
        return new SweepRun(plan.sweepId(), plan, plan, List.of());
    }

    /** The round of a race that is under way; when it is over, all that it trained. */
    public static SweepRun of(Race race) {
        return new SweepRun(race.sweepId(), race.plan(), race.possible(), race.rows());
    }
}
