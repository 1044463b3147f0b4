package org.focaldistill.sweep.race;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Baseline;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Seed;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.noise.SeedLayout;
import org.jspecify.annotations.Nullable;

/**
 * A pair's trials as cells, in the order of the plan, by seeds, ascending. Of cells that train alike, as they differ in what a
 * weight of 0 switches off, or in epochs that do not show, the first one alone is there: the others' values would be the same, and count as independent.
 */
final class CellsOfPair {
    private final List<List<PlannedTrial>> trials;
    private final List<List<String>> ids;

    /** What tells the trainings of a pair's cells apart. */
    private record CellKey(LossSettings loss, Recipe recipe) {}

    private CellsOfPair(List<List<PlannedTrial>> trials) {
        this.trials = trials;
        this.ids = trials.stream()
                .map(ofCell -> ofCell.stream().map(each -> each.trial().id()).toList())
                .toList();
    }

    /**
     * Sorts a plan.
     *
     * @throws IllegalArgumentException if a pair has a single cell, a cell lacks a seed, or data seeds are crossed with init seeds
     */
    static List<CellsOfPair> of(SweepPlan all) {
        Map<Pair, Map<CellKey, Map<Seed, PlannedTrial>>> byPair = new LinkedHashMap<>();
        Map<Pair, Set<Seed>> seeds = new LinkedHashMap<>();
        for (PlannedTrial planned : all.trials()) {
            Trial trial = planned.trial();
            Pair pair = new Pair(trial.teacher(), trial.student());
            byPair.computeIfAbsent(pair, key -> new LinkedHashMap<>())
                    .computeIfAbsent(new CellKey(trial.effectiveLoss(), trial.recipe()), key -> new LinkedHashMap<>())
                    .putIfAbsent(trial.seed(), planned);
            seeds.computeIfAbsent(pair, key -> new TreeSet<>()).add(trial.seed());
        }
        seeds.values().forEach(CellsOfPair::requireUncrossed);
        List<CellsOfPair> cells = new ArrayList<>();
        byPair.forEach((pair, bySettings) -> requireSeveral(pair, bySettings.size()));
        byPair.forEach((pair, bySettings) -> cells.add(new CellsOfPair(bySettings.values().stream()
                .map(bySeed -> inOrder(bySeed, seeds.getOrDefault(pair, Set.of())))
                .toList())));
        return cells;
    }

    private static void requireSeveral(Pair pair, int cells) {
        if (cells < 2) {
            throw new IllegalArgumentException("A race needs cells that train differently; " + pair.teacher() + " -> "
                    + pair.student() + " has one");
        }
    }

    /** Values that share one of two seeds are not independent, as those of different seeds have to be. */
    private static void requireUncrossed(Set<Seed> seeds) {
        SeedLayout layout = SeedLayout.of(seeds);
        if (layout == null || layout.crossed()) {
            throw new IllegalArgumentException(
                    "A race needs seeds that vary both at once, sweep.seeds = [1, 2, ...], or"
                            + " one of the two, found " + (layout == null ? "a mixture" : layout));
        }
    }

    private static List<PlannedTrial> inOrder(Map<Seed, PlannedTrial> bySeed, Set<Seed> seeds) {
        if (bySeed.size() < seeds.size()) {
            throw new IllegalArgumentException("Cells of one pair race with the same seeds");
        }
        return seeds.stream()
                .map(seed -> Objects.requireNonNull(bySeed.get(seed)))
                .toList();
    }

    int cells() {
        return trials.size();
    }

    int seeds() {
        return trials.get(0).size();
    }

    /** A cell's trial under a seed, both 0-based. */
    PlannedTrial trial(int cell, int seed) {
        return trials.get(cell).get(seed);
    }

    private LossWeights weights(int cell) {
        return trial(cell, 0).trial().loss().weights();
    }

    /** See {@link Baseline}. */
    private int baseline() {
        List<LossWeights> all = new ArrayList<>();
        List<LossWeights> baselines = new ArrayList<>();
        for (int cell = 0; cell < cells(); cell++) {
            all.add(weights(cell));
            if (trial(cell, 0).roles().contains(Role.BASELINE)) {
                baselines.add(weights(cell));
            }
        }
        LossWeights weights = Baseline.of(baselines, all);
        // Of several losses with these weights the usual one.
        for (int cell = 0; cell < cells(); cell++) {
            if (trial(cell, 0).trial().effectiveLoss().equals(LossSettings.of(weights))) {
                return cell;
            }
        }
        return all.indexOf(weights);
    }

    /** How far its race is. */
    PairRace race(RaceRules rules, Function<String, @Nullable TrialOutcome> outcomes, int mostLooks) {
        double step = rules.by().step(trial(0, 0).trial().data());
        PairRace.Field field = new PairRace.Field(cells(), baseline(), seeds(), step / Math.sqrt(12));
        return PairRace.of(rules, field, mostLooks, (cell, seed) -> {
            TrialOutcome outcome = outcomes.apply(ids.get(cell).get(seed));
            if (outcome == null) {
                return null;
            }
            Double value = rules.by().of(outcome);
            return value == null ? Double.NaN : value;
        });
    }
}
