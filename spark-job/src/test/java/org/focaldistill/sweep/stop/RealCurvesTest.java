package org.focaldistill.sweep.stop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.store.PlanRow;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SweepRef;
import org.focaldistill.sweep.EpochRow;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.sweep.stop.StopRules.Rule;
import org.focaldistill.sweep.stop.StopRules.Yardstick;
import org.focaldistill.text.Words;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the rules would have done in the committed study: short trainings, whose learning rate drops twice. Prints the tables
 * of MEASURED.md.
 */
class RealCurvesTest {
    private static final int SLOTS = 2;
    /** Fewer trials have no ranks to speak of. */
    private static final int SMALLEST_GROUP = 6;

    private static final List<List<PlannedTrial>> SWEEPS = new ArrayList<>();
    private static final Map<String, List<HeldOut>> COURSES = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        ResultStore store = new ResultStore(new Configuration(), new Path("../notebooks/study"));
        Map<String, Trial> trials = new HashMap<>();
        for (TrialOutcome outcome : store.trials()) {
            if (outcome.status() == TrialStatus.OK && outcome.trial().data().validationImages() > 0) {
                trials.put(outcome.trial().id(), outcome.trial());
            }
        }
        store.epochs().stream().sorted(Comparator.comparing(EpochRow::epoch)).forEach(row -> {
            if (trials.containsKey(row.trialId())) {
                COURSES.computeIfAbsent(row.trialId(), id -> new ArrayList<>())
                        .add(new HeldOut(row.validation().components().ce(), row.valTop1()));
            }
        });
        for (SweepRef sweep : store.sweeps()) {
            SWEEPS.add(planned(store.plan(sweep.id()), trials));
        }
    }

    /** As a plan has them: seed by seed, what is compared with before the grid. */
    private static List<PlannedTrial> planned(List<PlanRow> plan, Map<String, Trial> trials) {
        Map<String, Set<Role>> roles = new TreeMap<>();
        plan.stream()
                .filter(row -> trials.containsKey(row.trialId()))
                .forEach(row -> roles.computeIfAbsent(row.trialId(), id -> EnumSet.noneOf(Role.class))
                        .add(row.role()));
        return roles.entrySet().stream()
                .map(each -> new PlannedTrial(trials.get(each.getKey()), each.getValue()))
                .sorted(Comparator.comparing((PlannedTrial each) -> each.trial().dataSeed())
                        .thenComparing(each -> !each.roles().contains(Role.BASELINE))
                        .thenComparing(each -> each.trial().loss().weights().alpha())
                        .thenComparing(each -> each.trial().loss().weights().gamma()))
                .toList();
    }

    private static int epochs(PlannedTrial planned) {
        return planned.trial().recipe().epochs();
    }

    private static double value(PlannedTrial planned, int epoch, Yardstick by) {
        return by.of(COURSES.get(planned.trial().id()).get(epoch - 1));
    }

    /** Trials that are compared with each other. */
    private static List<List<PlannedTrial>> groups(List<PlannedTrial> sweep) {
        Map<String, List<PlannedTrial>> groups = new TreeMap<>();
        for (PlannedTrial each : sweep) {
            Trial trial = each.trial();
            groups.computeIfAbsent(trial.teacherHash() + trial.recipe() + trial.dataSeed(), key -> new ArrayList<>())
                    .add(each);
        }
        return groups.values().stream()
                .filter(group -> group.size() >= SMALLEST_GROUP)
                .toList();
    }

    private static PlannedTrial best(List<PlannedTrial> group, Yardstick by) {
        return group.stream()
                .min(Comparator.comparingDouble(each -> value(each, epochs(each), by)))
                .orElseThrow();
    }

    /** Ranks after an epoch beside the final ones. */
    private record Ranks(List<List<PlannedTrial>> groups, int epoch, Yardstick by) {
        /** Spearman's, mean over the groups. */
        double correlation() {
            return groups.stream()
                    .mapToDouble(group -> new SpearmansCorrelation()
                            .correlation(
                                    values(group, each -> value(each, epoch, by)),
                                    values(group, each -> value(each, epochs(each), by))))
                    .average()
                    .orElseThrow();
        }

        private static double[] values(List<PlannedTrial> group, ToDoubleFunction<PlannedTrial> value) {
            return group.stream().mapToDouble(value).toArray();
        }

        /** In how many groups the trial that is the best in the end is in the best such part after the epoch. */
        long bestWithin(int part) {
            return groups.stream()
                    .filter(group -> {
                        double then = value(best(group, by), epoch, by);
                        long better = group.stream()
                                .filter(each -> value(each, epoch, by) < then)
                                .count();
                        return part * better < group.size();
                    })
                    .count();
        }

        double learningRate() {
            return groups.get(0).get(0).trial().recipe().learningRate(epoch - 1);
        }
    }

    @Test
    void ranks_say_little_of_the_end_before_the_learning_rate_drops_and_nearly_all_after() {
        System.out.println(
                "\n| epochs | after | learning rate | by | groups | rank correlation with the end | final best"
                        + " in the best half | quarter |\n|--:|--:|--:|---|--:|--:|--:|--:|");
        for (int epochs : new int[] {3, 4}) {
            List<List<PlannedTrial>> groups = SWEEPS.stream()
                    .flatMap(sweep -> groups(sweep).stream())
                    .filter(group -> epochs(group.get(0)) == epochs)
                    .toList();
            for (Yardstick by : Yardstick.values()) {
                for (int epoch = 1; epoch < epochs; epoch++) {
                    Ranks ranks = new Ranks(groups, epoch, by);
                    System.out.printf(
                            Locale.ROOT,
                            "| %d | %d | %.3f | %s | %d | %.2f | %d | %d |%n",
                            epochs,
                            epoch,
                            ranks.learningRate(),
                            Words.of(by),
                            groups.size(),
                            ranks.correlation(),
                            ranks.bestWithin(2),
                            ranks.bestWithin(4));
                    if (ranks.learningRate() < 0.05) {
                        assertThat(ranks.correlation()).isGreaterThan(0.9);
                    } else {
                        assertThat(ranks.correlation()).isLessThan(0.6);
                    }
                }
            }
        }
    }

    @Test
    void rules_that_wait_for_the_drop_keep_every_best_trial_and_those_that_do_not_stop_some() {
        System.out.println("\n| rule | by | from | trials stopped | epochs saved, % | best of a group stopped |\n"
                + "|---|---|--:|--:|--:|--:|");
        for (Rule rule : List.of(Rule.MEDIAN, Rule.HALVING)) {
            for (Yardstick by : Yardstick.values()) {
                for (double from : new double[] {0.25, 0.5, StopRules.NONE.from()}) {
                    Effect effect = Effect.of(new StopRules(rule, by, from, 4, 5));
                    System.out.printf(
                            Locale.ROOT,
                            "| %s | %s | %.2f | %d of %d | %.0f | %d of %d |%n",
                            Words.of(rule),
                            Words.of(by),
                            from,
                            effect.stopped,
                            effect.trials,
                            100.0 - 100.0 * effect.trained / effect.epochs,
                            effect.bestStopped,
                            effect.groups);
                    assertThat(effect.stopped).isPositive();
                    if (from > 0.5) {
                        assertThat(effect.bestStopped).isZero();
                    } else {
                        assertThat(effect.bestStopped).isPositive();
                    }
                }
            }
        }
    }

    /** What a rule would have done, over all sweeps. */
    private record Effect(int trials, int stopped, int epochs, int trained, int groups, int bestStopped) {
        static Effect of(StopRules rules) {
            return SWEEPS.stream()
                    .map(sweep -> of(rules, sweep))
                    .reduce(Effect::and)
                    .orElseThrow();
        }

        private static Effect of(StopRules rules, List<PlannedTrial> sweep) {
            Map<String, Integer> done = replay(rules, sweep);
            List<PlannedTrial> stopped = sweep.stream()
                    .filter(each -> done.get(each.trial().id()) < RealCurvesTest.epochs(each))
                    .toList();
            List<List<PlannedTrial>> groups = RealCurvesTest.groups(sweep);
            long best = groups.stream()
                    .filter(group -> stopped.contains(best(group, rules.by())))
                    .count();
            return new Effect(
                    sweep.size(),
                    stopped.size(),
                    sweep.stream().mapToInt(each -> RealCurvesTest.epochs(each)).sum(),
                    done.values().stream().mapToInt(Integer::intValue).sum(),
                    groups.size(),
                    (int) best);
        }

        private Effect and(Effect other) {
            return new Effect(
                    trials + other.trials,
                    stopped + other.stopped,
                    epochs + other.epochs,
                    trained + other.trained,
                    groups + other.groups,
                    bestStopped + other.bestStopped);
        }
    }

    /** Completed epochs by trial, where slots train side by side in the order of the plan and leave a checkpoint an epoch. */
    private static Map<String, Integer> replay(StopRules rules, List<PlannedTrial> sweep) {
        Standings standings = new Standings(rules, sweep);
        Deque<PlannedTrial> waiting = new ArrayDeque<>(sweep);
        List<PlannedTrial> running = new ArrayList<>();
        Map<String, Integer> done = new HashMap<>();
        while (!waiting.isEmpty() || !running.isEmpty()) {
            while (running.size() < SLOTS && !waiting.isEmpty()) {
                running.add(waiting.poll());
            }
            for (PlannedTrial each : List.copyOf(running)) {
                String id = each.trial().id();
                int epoch = done.merge(id, 1, Integer::sum);
                standings.reached(id, COURSES.get(id).subList(0, epoch));
                if (epoch == epochs(each)) {
                    standings.ended(id);
                }
                if (epoch == epochs(each) || standings.stop(id, epoch - 1, epoch) != null) {
                    running.remove(each);
                }
            }
        }
        return done;
    }
}
