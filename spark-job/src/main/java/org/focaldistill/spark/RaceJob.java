package org.focaldistill.spark;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.focaldistill.spark.cluster.Console;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.race.Race;
import org.focaldistill.sweep.race.RaceRules;

/**
 * Runs a race: each round is a run of a sweep whose plan has grown. What is next follows from the outcomes alone, so the same
 * command goes on wherever a race was stopped.
 */
public final class RaceJob {
    private final RaceRules rules;
    private final SweepPlan all;
    private final ResultStore store;
    private final Console console;

    /** @param all every cell with every seed */
    public RaceJob(RaceRules rules, SweepPlan all, ResultStore store, Console console) {
        this.rules = rules;
        this.all = all;
        this.store = store;
        this.console = console;
    }

    /**
     * How far it is by now.
     *
     * @throws IOException if the results can not be read, or the first round costs more than was allowed
     */
    public Race race() throws IOException {
        Map<String, TrialOutcome> outcomes = new HashMap<>();
        store.trials().forEach(outcome -> outcomes.put(outcome.trial().id(), outcome));
        Race race = Race.of(rules, all, outcomes::get);
        if (race.planned().isEmpty()) {
            throw new IOException("The first round of the race has more than sweep.race.maxTrials = "
                    + rules.maxTrials() + " trials: raise it, or leave out cells");
        }
        return race;
    }

    /**
     * Runs rounds until nothing more is to be trained, or a round did not end with all its outcomes.
     *
     * @param jobs a new one for every round
     * @return how the last round ended
     */
    public SweepJob.Result run(Supplier<SweepJob> jobs) throws IOException {
        while (true) {
            Race race = race();
            race.lines().forEach(console::line);
            SweepJob.Result result = jobs.get().run(SweepRun.of(race));
            if (race.isOver() || !result.isComplete()) {
                return result;
            }
            if (result.stopped()) {
                return result.asInterrupted();
            }
        }
    }
}
