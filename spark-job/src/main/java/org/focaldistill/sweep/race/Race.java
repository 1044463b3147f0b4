package org.focaldistill.sweep.race;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.focaldistill.sweep.Digest;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * How far a race is, and what it trains next, from the outcomes that are there: who has the same outcomes comes to the same.
 * Every pair has a race of its own, with its own 5 % of false answers; their rounds go side by side.
 */
public final class Race {
    private static final double SECONDS_OF_HOUR = 3600;

    private final RaceRules rules;
    private final SweepPlan all;
    private final List<Lane> lanes;
    private final boolean overBudget;

    /** A pair's cells and how far they are. */
    private record Lane(CellsOfPair cells, PairRace race) {

        /** The trials that its looks were at, and with them those of the round under way. */
        List<Trial> trials(boolean withRound) {
            return trials(withRound ? race.open() : List.of(), race.seeds());
        }

        /** With all that its open cells may get. */
        List<Trial> possible() {
            return trials(race.open(), cells.seeds());
        }

        private List<Trial> trials(List<Integer> ofCells, int seedsOfThem) {
            Set<Integer> open = new HashSet<>(ofCells);
            List<Trial> trials = new ArrayList<>();
            for (int cell = 0; cell < cells.cells(); cell++) {
                int seeds = open.contains(cell)
                        ? seedsOfThem
                        : race.cells().get(cell).seeds();
                for (int seed = 0; seed < seeds; seed++) {
                    trials.add(cells.trial(cell, seed).trial());
                }
            }
            return trials;
        }
    }

    private Race(RaceRules rules, SweepPlan all, List<Lane> lanes, boolean overBudget) {
        this.rules = rules;
        this.all = all;
        this.lanes = lanes;
        this.overBudget = overBudget;
    }

    /**
     * Looks at the outcomes.
     *
     * @param all every cell with every seed
     * @param outcomes by trial id; null where there is none
     * @throws IllegalArgumentException if cells of a pair have different seeds, there is one cell, or there are no more than the first round's
     */
    public static Race of(RaceRules rules, SweepPlan all, Function<String, @Nullable TrialOutcome> outcomes) {
        List<Lane> lanes = new ArrayList<>();
        for (CellsOfPair cells : CellsOfPair.of(all)) {
            if (cells.seeds() <= rules.first()) {
                throw new IllegalArgumentException("A race that begins with sweep.race.first = " + rules.first()
                        + " seeds needs more in sweep.seeds to go on with, found " + cells.seeds());
            }
            lanes.add(new Lane(cells, cells.race(rules, outcomes, Integer.MAX_VALUE)));
        }
        // Nobody's next round begins before all have ended the last one, or a budget would depend on who was faster.
        int rounds = lanes.stream()
                .filter(lane -> lane.race().end() == null)
                .mapToInt(lane -> lane.race().looks())
                .min()
                .orElse(Integer.MAX_VALUE);
        lanes.replaceAll(lane -> new Lane(lane.cells(), lane.cells().race(rules, outcomes, rounds)));
        return new Race(rules, all, lanes, isOverBudget(rules, lanes, outcomes));
    }

    /** Whether the round that is under way costs more than was allowed. */
    private static boolean isOverBudget(
            RaceRules rules, List<Lane> lanes, Function<String, @Nullable TrialOutcome> outcomes) {
        int trials = 0;
        int before = 0;
        double hoursBefore = 0;
        for (Lane lane : lanes) {
            trials += lane.trials(true).size();
            for (Trial trial : lane.trials(false)) {
                TrialOutcome outcome = outcomes.apply(trial.id());
                before++;
                hoursBefore += outcome == null ? 0 : outcome.run().trainSeconds() / SECONDS_OF_HOUR;
            }
        }
        double hours = before == 0 ? 0 : hoursBefore * trials / before;
        return trials > before
                && ((rules.maxTrials() > 0 && trials > rules.maxTrials())
                        || (rules.maxHours() > 0 && hours > rules.maxHours()));
    }

    /** Nothing more is to be trained. */
    public boolean isOver() {
        return overBudget || lanes.stream().allMatch(lane -> lane.race().end() != null);
    }

    /** All that is planned by now: what was looked at, and the round that is under way; empty if that costs too much. */
    public List<Trial> planned() {
        return lanes.stream().flatMap(lane -> lane.trials(!overBudget).stream()).toList();
    }

    /** {@link #planned} as a plan, in the order and with the roles of the whole one. */
    public SweepPlan plan() {
        return plan(planned());
    }

    /** {@link #plan}, and what later rounds may come to train, whatever they find. */
    public SweepPlan possible() {
        return isOver()
                ? plan()
                : plan(lanes.stream().flatMap(lane -> lane.possible().stream()).toList());
    }

    private SweepPlan plan(List<Trial> trials) {
        Set<String> ids = new HashSet<>();
        trials.forEach(trial -> ids.add(trial.id()));
        return new SweepPlan(all.trials().stream()
                .filter(planned -> ids.contains(planned.trial().id()))
                .toList());
    }

    /** How far each pair is, for people. */
    public List<String> lines() {
        return lanes.stream().map(this::line).toList();
    }

    private String line(Lane lane) {
        Trial trial = lane.cells().trial(0, 0).trial();
        PairRace race = lane.race();
        String pair = "Race of " + trial.teacher() + " -> " + trial.student() + ": ";
        RaceEnd end = end(race);
        if (end != null) {
            return pair + "over after " + Words.count(race.looks(), "round") + " ("
                    + Words.of(end).replace('-', ' ') + ")";
        }
        return pair + "round " + (race.looks() + 1) + " of at most "
                + rules.looks(lane.cells().seeds()) + ", "
                + race.open().size() + " of " + Words.count(lane.cells().cells(), "cell") + " with "
                + race.seeds() + " seeds each";
    }

    /**
     * The sweep's identity, from its first round on: 20 hexadecimal digits of a hash over the question and all cells and seeds.
     * The budget is not part of it, so that a race goes on with a larger one.
     */
    public String sweepId() {
        return Digest.of(String.format(
                Locale.ROOT,
                "race %s by %s margin %s first %d step %d of %s",
                rules.question(),
                rules.by(),
                rules.margin(),
                rules.first(),
                rules.step(),
                all.sweepId()));
    }

    /** What is known of every cell, pair by pair in the order of the plan. */
    public List<RaceRow> rows() {
        List<RaceRow> rows = new ArrayList<>();
        for (Lane lane : lanes) {
            for (int cell = 0; cell < lane.cells().cells(); cell++) {
                rows.add(row(lane, cell));
            }
        }
        return rows;
    }

    private RaceRow row(Lane lane, int number) {
        PairRace race = lane.race();
        PairRace.Cell cell = race.cells().get(number);
        PairRace.Noisy noisy = race.noisy();
        Trial trial = lane.cells().trial(number, 0).trial();
        return new RaceRow(
                sweepId(),
                trial,
                rules.question(),
                rules.by(),
                trial.data().validationImages() > 0,
                rules.margin(),
                race.looks(),
                race.seeds(),
                lane.cells().seeds(),
                cell.state(),
                cell.seeds(),
                finite(cell.difference()),
                finite(cell.reach()),
                finite(race.sd()),
                noisy != null && noisy.cell() == number ? (Double) noisy.sd() : null,
                end(race));
    }

    private @Nullable RaceEnd end(PairRace race) {
        return overBudget && race.end() == null ? RaceEnd.NO_BUDGET : race.end();
    }

    private static @Nullable Double finite(double value) {
        return Double.isNaN(value) ? null : (Double) value;
    }
}
