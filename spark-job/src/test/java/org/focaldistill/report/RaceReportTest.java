package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.race.CellState;
import org.focaldistill.sweep.race.Question;
import org.focaldistill.sweep.race.RaceEnd;
import org.focaldistill.sweep.race.RaceQuantity;
import org.focaldistill.sweep.race.RaceRow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of four cells two were dropped after two seeds, and two have five, whose values grow from seed to seed. */
class RaceReportTest {
    private static final List<Double> ALPHAS = List.of(0.0, 0.3, 0.6, 0.9);
    private static final int FIRST = 2;
    private static final int ALL = 5;

    @TempDir
    private Path folder;

    private ResultStore store;

    @BeforeEach
    void write_a_race() throws IOException {
        store = new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
        List<PlannedTrial> plan = new ArrayList<>();
        List<RaceRow> rows = new ArrayList<>();
        for (double alpha : ALPHAS) {
            int seeds = alpha < 0.5 ? ALL : FIRST;
            for (long seed = 1; seed <= seeds; seed++) {
                Trial trial = SampleOutcomes.trial(alpha, 1 - alpha, 0, seed);
                store.commit(SampleOutcomes.ok(trial), SampleOutcomes.epochs(trial, 2), List.of());
                plan.add(new PlannedTrial(trial, Set.of(Role.GRID)));
            }
            rows.add(row(alpha, seeds));
        }
        store.writePlan("race", plan);
        store.races().write(rows);
    }

    private static RaceRow row(double alpha, int seeds) {
        return new RaceRow(
                "race",
                SampleOutcomes.trial(alpha, 1 - alpha, 0, 1),
                Question.BEST,
                RaceQuantity.CE,
                false,
                0,
                4,
                ALL,
                ALL,
                seeds == FIRST ? CellState.BEATEN : CellState.OPEN,
                seeds,
                0.1,
                0.05,
                0.01,
                null,
                RaceEnd.NO_SEEDS);
    }

    private Map<String, String> texts(Report report) throws IOException {
        SweepDetails details = report.details();
        return report.texts(report.panelSections(details), details, "");
    }

    @Test
    void the_races_answer_stands_before_all_else_and_no_other_cell_is_called_the_best() throws IOException {
        Report report = Report.of(store, null);
        assertThat(report.answers()).singleElement().asString().contains("any of 2 cells may be the best");
        assertThat(report.verdicts()).isEmpty();
        assertThat(report.trialTable()).doesNotContain("Best of");
        texts(report).forEach((name, text) -> {
            assertThat(text).as(name).doesNotContain("Best of", "Which cell is best?");
            if (name.startsWith("report.")) {
                assertThat(text.substring(0, text.indexOf("Baseline") > 0 ? text.indexOf("Baseline") : text.length()))
                        .contains("any of 2 cells may be the best");
                assertThat(text).contains("Cells are compared here by the first 2 seeds, which all of them have");
            }
        });
    }

    @Test
    void cells_are_compared_by_the_seeds_that_all_of_them_have_and_all_trials_are_listed() throws IOException {
        Report report = Report.of(store, null);
        assertThat(report.tables())
                .allSatisfy(table -> ALPHAS.forEach(alpha -> assertThat(
                                Objects.requireNonNull(table.cell(alpha, 0)).seeds())
                        .isEqualTo(FIRST)));
        assertThat(report.trialTable().lines().filter(line -> line.contains(" OK ")))
                .hasSize(2 * (ALL + FIRST));
        assertThat(texts(report).get("differences.csv").lines().skip(1)).isNotEmpty();
    }

    @Test
    void before_the_first_look_all_there_is_is_compared() throws IOException {
        List<RaceRow> unseen = store.races().of("race").stream()
                .map(row -> new RaceRow(
                        "race",
                        row.trial(),
                        row.question(),
                        row.by(),
                        false,
                        0,
                        0,
                        FIRST,
                        ALL,
                        CellState.OPEN,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null))
                .toList();
        store.races().write(unseen);
        Report report = Report.of(store, null);
        assertThat(report.answers()).singleElement().asString().contains("is in its first round");
        assertThat(Objects.requireNonNull(report.tables().get(0).cell(0, 0)).seeds())
                .isEqualTo(ALL);
    }
}
