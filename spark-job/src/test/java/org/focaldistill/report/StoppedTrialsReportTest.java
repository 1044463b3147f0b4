package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep of two seeds with a baseline, a cell of which one seed was stopped early, and one of which both were. */
class StoppedTrialsReportTest {
    private static final Trial STOPPED = SampleOutcomes.trial(0.1, 0.9, 0, 3);
    private static final Trial KEPT = SampleOutcomes.trial(0.1, 0.9, 0, 1);
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    private static Path folder;

    private static ResultStore store;
    private static Report report;

    @BeforeAll
    static void write_a_sweep_and_its_report() throws IOException {
        store = new ResultStore(HADOOP, hadoop("results"));
        List<PlannedTrial> plan = new ArrayList<>();
        for (long seed : new long[] {1, 3}) {
            add(plan, SampleOutcomes.ok(SampleOutcomes.trial(0, 1, 0, seed)), Role.BASELINE);
            add(plan, SampleOutcomes.validated(SampleOutcomes.trial(0.2, 0.8, 0, seed)), Role.GRID);
        }
        add(plan, SampleOutcomes.ok(KEPT), Role.GRID);
        add(plan, SampleOutcomes.validated(STOPPED), Role.GRID);
        store.writePlan("sweep", plan);
        report = Report.of(store, null);
        report.write(HADOOP, hadoop("report"), "focaldistill report");
    }

    private static org.apache.hadoop.fs.Path hadoop(String name) {
        return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
    }

    private static void add(List<PlannedTrial> plan, TrialOutcome outcome, Role role) throws IOException {
        Trial trial = outcome.trial();
        store.commit(outcome, SampleOutcomes.epochs(trial, outcome.epochsDone()), SampleOutcomes.reliability(trial));
        plan.add(new PlannedTrial(trial, Set.of(role)));
    }

    @Test
    void they_count_in_no_mean_and_a_cell_without_others_is_called_stopped() {
        SweepTable table = report.tables().get(Quantity.TEST_CE.ordinal());
        assertThat(table.text())
                .contains("0.1         1.121(1/2)\n", "0.2            STOPPED\n")
                .contains("STOPPED: no seed ran to its end, some were stopped early");
        assertThat(table.cell(0.1, 0)).satisfies(cell -> {
            assertThat(cell.seeds()).isOne();
            assertThat(cell.stopped()).isOne();
        });
        for (Quantity quantity : Quantity.values()) {
            assertThat(quantity.of(SampleOutcomes.validated(STOPPED)))
                    .as(quantity.title())
                    .isNull();
        }
    }

    @Test
    void their_rows_say_so_and_have_no_numbers_that_could_be_compared() {
        assertThat(report.trialTable().lines().filter(line -> line.contains("STOPPED")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).containsPattern("STOPPED +- +- +- +-$"));
    }

    @Test
    void heat_maps_have_a_mark_of_their_own_for_them_and_the_page_lists_why_they_ended() throws IOException {
        assertThat(Files.readString(folder.resolve("report/heatmap-1-resnet56-resnet20-test-ce.svg")))
                .contains(">STOPPED<", ">STOPPED: stopped early<")
                .doesNotContain("all seeds diverged", "no finished trial");
        assertThat(Files.readString(folder.resolve("report/report.html")))
                .contains("6 of 6 planned trials are finished, 0 of them DIVERGED, 3 STOPPED_EARLY.")
                .contains("<td>STOPPED_EARLY</td><td class=\"long\">validation accuracy did not rise for 20 epochs")
                .contains("stopped early: alpha 0.1, beta 0.9, gamma 0, seed 3\nepoch 100: ");
        assertThat(Files.readAllLines(folder.resolve("report/tables.csv")))
                .anySatisfy(line -> assertThat(line).endsWith(",mean,seeds,diverged,stopped"))
                .anySatisfy(line -> assertThat(line).contains("\"test CE\",grid,0.2,0.8,0.0,,0,0,2"));
    }

    @Test
    void status_names_them_with_the_reason() throws IOException {
        String status = SweepStatus.read(store, new OpenTrials(HADOOP, hadoop("results")), null, null, null)
                .text();
        assertThat(status)
                .contains("(OK 3, STOPPED_EARLY 3)")
                .contains("\nstopped early\n  ")
                .contains(STOPPED.label() + ": validation accuracy did not rise for 20 epochs");
    }
}
