package org.focaldistill.sweep;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;

/**
 * The trials of a sweep in the order they start: pair by pair; within a pair baselines, references, lines and then the
 * grid, so that what the grid is read against is there first, and at last points; within a role seed by seed, so that an interrupted sweep
 * has whole grids rather than many repetitions of half a grid; then by weights, then by loss variant. Trials that two
 * roles ask for are one trial with both, at its earlier place.
 *
 * @param trials each trial once, at least one
 */
public record SweepPlan(List<PlannedTrial> trials) {
    private static final List<Role> ORDER = List.of(Role.BASELINE, Role.REFERENCE, Role.LINE, Role.GRID);

    public SweepPlan {
        trials = List.copyOf(trials);
        if (trials.isEmpty()) {
            throw new IllegalArgumentException(
                    "The sweep has no trials: it needs at least one pair, and a baseline, reference, line, grid cell,"
                            + " variant or point");
        }
        Set<String> ids = new TreeSet<>();
        for (PlannedTrial planned : trials) {
            if (!ids.add(planned.trial().id())) {
                throw new IllegalArgumentException(
                        "The plan has trial " + planned.trial().id() + " twice");
            }
        }
    }

    /**
     * Plans a sweep.
     *
     * @param definition what to train
     * @param data the images
     * @param teacherHashes the tensor hash of every teacher the pairs name
     * @param computation what is to train them
     */
    public static SweepPlan of(
            SweepDefinition definition, DataRef data, Map<String, String> teacherHashes, Computation computation) {
        Map<String, Trial> trials = new LinkedHashMap<>();
        Map<String, Set<Role>> roles = new LinkedHashMap<>();
        eachTrial(definition, data, teacherHashes, computation, (trial, role) -> {
            trials.putIfAbsent(trial.id(), trial);
            roles.computeIfAbsent(trial.id(), id -> EnumSet.noneOf(Role.class)).add(role);
        });
        List<PlannedTrial> planned = new ArrayList<>();
        trials.forEach((id, trial) -> planned.add(new PlannedTrial(trial, roles.getOrDefault(id, Set.of()))));
        return new SweepPlan(planned);
    }

    /**
     * The trials that are still to be trained, in their order.
     *
     * @param finished ids of those that have an outcome
     */
    public List<Trial> open(Set<String> finished) {
        return trials.stream()
                .map(PlannedTrial::trial)
                .filter(trial -> !finished.contains(trial.id()))
                .toList();
    }

    /**
     * The sweep's identity: 20 hexadecimal digits of a hash over its trials' ids and their roles, sorted. The order of
     * the trials is not part of it.
     */
    public String sweepId() {
        return Digest.of(trials.stream().map(SweepPlan::line).sorted().collect(Collectors.joining("\n")));
    }

    private static String line(PlannedTrial planned) {
        return planned.trial().id() + " " + new TreeSet<>(planned.roles());
    }

    private static void eachTrial(
            SweepDefinition definition,
            DataRef data,
            Map<String, String> teacherHashes,
            Computation computation,
            BiConsumer<Trial, Role> consumer) {
        for (Pair pair : definition.pairs()) {
            String hash = teacherHashes.get(pair.teacher());
            if (hash == null) {
                throw new IllegalArgumentException(
                        "No tensor hash for the teacher of " + pair + "; there are " + teacherHashes.keySet());
            }
            Recipe recipe = definition.recipe(pair.student());
            for (Role role : ORDER) {
                for (Seed seed : definition.seeds().all()) {
                    settings(definition, role)
                            .forEach(loss -> consumer.accept(
                                    trial(definition, data, pair, hash, loss, recipe, seed, computation), role));
                }
            }
            for (Seed seed : definition.seeds().all()) {
                for (LossSettings loss : definition.losses()) {
                    consumer.accept(trial(definition, data, pair, hash, loss, recipe, seed, computation), Role.VARIANT);
                }
                for (SamplePoints.Sample sample : definition.points().samples()) {
                    definition.variants().around(LossWeights.CROSS_ENTROPY).stream()
                            .map(loss -> sample.in(loss, definition.grid().beta()))
                            .forEach(loss -> consumer.accept(
                                    trial(definition, data, pair, hash, loss, sample.in(recipe), seed, computation),
                                    Role.POINT));
                }
            }
        }
    }

    private static List<LossSettings> settings(SweepDefinition definition, Role role) {
        return definition.weights(role).stream()
                .flatMap(weights -> definition.variants().around(weights).stream())
                .toList();
    }

    private static Trial trial(
            SweepDefinition definition,
            DataRef data,
            Pair pair,
            String teacherHash,
            LossSettings loss,
            Recipe recipe,
            Seed seed,
            Computation computation) {
        int workers = definition.workersPerTrial();
        return new Trial(
                data,
                pair.teacher(),
                teacherHash,
                definition.teacherMode(),
                pair.student(),
                loss,
                recipe,
                seed.data(),
                seed.init(),
                workers,
                workers == 1 ? 0 : definition.averagingFrequency(),
                computation,
                seed.streams());
    }
}
