package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.store.PlanRow;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SweepRef;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.focaldistill.sweep.race.CellState;
import org.focaldistill.sweep.race.Question;
import org.focaldistill.sweep.race.Race;
import org.focaldistill.sweep.race.RaceQuantity;
import org.focaldistill.sweep.race.RaceRow;
import org.focaldistill.sweep.race.RaceRules;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Races over the committed study's cells, whose outcomes under all seeds are known: a race trains the same trials, bit by bit,
 * so what it would have trained, and answered, can be read from them. Prints MEASURED's table.
 */
class RaceOnTheStudyTest {
    private static final StringBuilder TABLE = new StringBuilder(
            "\n| question | trials | hours of training | of the full grid's | answer |\n|---|--:|--:|--:|---|\n");
    private static final Map<String, TrialOutcome> OUTCOMES = new HashMap<>();
    private static SweepPlan grid;

    @BeforeAll
    static void read_the_twelve_cells_with_five_seeds() throws IOException {
        ResultStore store = new ResultStore(new Configuration(), new Path(new File("../notebooks/study").toURI()));
        store.trials().forEach(outcome -> OUTCOMES.put(outcome.trial().id(), outcome));
        for (SweepRef sweep : store.sweeps()) {
            Map<String, Set<Role>> roles = new TreeMap<>();
            for (PlanRow row : store.plan(sweep.id())) {
                roles.computeIfAbsent(row.trialId(), id -> EnumSet.noneOf(Role.class))
                        .add(row.role());
            }
            if (roles.size() == 60) {
                grid = new SweepPlan(planned(roles));
            }
        }
    }

    private static List<PlannedTrial> planned(Map<String, Set<Role>> roles) {
        List<PlannedTrial> planned = new ArrayList<>();
        roles.forEach((id, ofTrial) -> planned.add(new PlannedTrial(outcome(id).trial(), ofTrial)));
        planned.sort(Comparator.comparingLong(
                        (PlannedTrial each) -> each.trial().dataSeed())
                .thenComparingDouble(each -> each.trial().loss().weights().alpha())
                .thenComparingDouble(each -> each.trial().loss().weights().gamma()));
        return planned;
    }

    private static TrialOutcome outcome(String id) {
        return OUTCOMES.get(id);
    }

    @AfterAll
    static void print() {
        System.out.println(TABLE);
    }

    private static Race run(RaceRules rules, String question) {
        Race race = Race.of(rules, grid, id -> null);
        while (!race.isOver()) {
            Map<String, TrialOutcome> there = new HashMap<>();
            race.planned().forEach(trial -> there.put(trial.id(), outcome(trial.id())));
            race = Race.of(rules, grid, there::get);
        }
        double all = hours(grid.trials().stream().map(PlannedTrial::trial).toList());
        TABLE.append(String.format(
                Locale.ROOT,
                "| %s | %d | %.2f | %d, %.2f | %s |%n",
                question,
                race.planned().size(),
                hours(race.planned()),
                grid.trials().size(),
                all,
                RaceAnswers.of(race.rows()).lines().get(0)));
        return race;
    }

    private static double hours(List<Trial> trials) {
        return trials.stream()
                        .mapToDouble(trial -> outcome(trial.id()).run().trainSeconds())
                        .sum()
                / 3600;
    }

    private static LossWeights weights(RaceRow row) {
        return row.trial().loss().weights();
    }

    @Test
    void a_race_for_the_best_drops_students_without_a_teacher_first() {
        Race race = run(
                new RaceRules(Question.BEST, RaceQuantity.CE, 0.05, 2, 1, 0, 0), "best by held-out CE, within 0.05");
        assertThat(race.planned().size()).isLessThan(grid.trials().size());
        assertThat(race.rows())
                .filteredOn(row -> weights(row).alpha() == 0)
                .extracting(RaceRow::state)
                .containsOnly(CellState.BEATEN);
        assertThat(race.rows())
                .filteredOn(row -> row.state() == CellState.BEST)
                .allMatch(row -> weights(row).alpha() == 0.5);
    }

    @Test
    void a_race_beside_the_baseline_calls_no_cell_of_another_verdict_than_the_full_grid() {
        Race race = run(
                new RaceRules(Question.BEATS_BASELINE, RaceQuantity.CE, 0.05, 2, 1, 0, 0),
                "better than CE alone by more than 0.05, by held-out CE");
        assertThat(race.planned().size()).isLessThan(grid.trials().size());
        assertThat(race.rows())
                .filteredOn(row -> weights(row).alpha() == 0.5 && weights(row).gamma() < 1)
                .extracting(RaceRow::state)
                .containsOnly(CellState.BETTER);
        assertThat(race.rows())
                .filteredOn(row -> row.state() == CellState.BETTER)
                .noneMatch(row -> weights(row).alpha() == 0);
    }
}
