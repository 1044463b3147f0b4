package org.focaldistill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.focaldistill.sweep.SampleOutcomes.epochs;
import static org.focaldistill.sweep.SampleOutcomes.ok;
import static org.focaldistill.sweep.SampleOutcomes.openEpochs;
import static org.focaldistill.sweep.SampleOutcomes.reliability;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.store.OpenTrials;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report while trials run. */
class OpenTrialsReportTest {
    /** Planned in the sample sweep, and not finished there. */
    private static final Trial OPEN = SampleOutcomes.trial(LossSettings.of(new LossWeights(0.5, 0.5, 0.5)), 1, false);

    private static final String NAME = "open: alpha 0.5, beta 0.5, gamma 0.5, seed 1";
    /** Lines of a chart that has any, but not those of its grid. */
    private static final Pattern DASHED = Pattern.compile("stroke-dasharray[:=]\"?4(\\.0)?, ?4(\\.0)?[\";\\s]");

    @TempDir
    private Path folder;

    private org.apache.hadoop.fs.Path results;
    private ResultStore store;

    @BeforeEach
    void openStore() throws IOException {
        results = new org.apache.hadoop.fs.Path(folder.toUri());
        store = new ResultStore(new Configuration(), results);
    }

    private Map<String, String> texts() throws IOException {
        Report report = Report.of(store, null);
        SweepDetails details = report.details();
        Map<String, String> texts = new HashMap<>(report.texts(report.panelSections(details), details, ""));
        texts.put("terminal", report.trialTable() + report.verdicts());
        return texts;
    }

    @Test
    void an_open_trial_is_drawn_dashed_in_its_panel_and_counted_nowhere() throws IOException {
        SampleSweep.write(store, 2, 0.2);
        Map<String, String> before = texts();
        assertThat(before.get("report.html")).doesNotContain("have not ended</a>", NAME);
        assertThat(before.get("report.md")).doesNotContain("Trials that have not ended");

        store.openEpochs().write(openEpochs(OPEN, 2, 1));
        Map<String, String> after = texts();

        for (String same : List.of("tables.csv", "differences.csv", "terminal")) {
            assertThat(after.get(same)).as(same).isEqualTo(before.get(same));
        }
        String page = after.get("report.html");
        assertThat(page)
                .contains("<a href=\"#open\">Trials that have not ended</a>", NAME, "<td>2 of 240</td>")
                .contains(NAME + "\nepoch 2: training CE 1.500", NAME + "\nepoch 2: validation top-1 (%) 50.000");
        assertThat(dashed(before.get("report.html"))).isZero();
        assertThat(dashed(page)).isGreaterThanOrEqualTo(4);
        assertThat(page.substring(page.indexOf("id=\"open\""))).doesNotContain("training CE by epoch");
        assertThat(after.get("report.md"))
                .contains("## Trials that have not ended")
                .contains("| resnet56 to resnet20 on cifar100 | alpha 0.5, beta 0.5, gamma 0.5, seed 1 | 2 of 240"
                        + " | 1.500 | 50.00 | 1235 | 2026-03-01T10:01:00Z |");
    }

    private static long dashed(String page) {
        return DASHED.matcher(page).results().count();
    }

    @Test
    void before_any_trial_has_ended_the_page_has_the_curves_of_those_that_run() throws IOException {
        store.writePlan("begun", List.of(new PlannedTrial(OPEN, Set.of(Role.GRID))));
        store.openEpochs().write(openEpochs(OPEN, 3, 1));

        String page = texts().get("report.html");

        assertThat(page)
                .contains("0 of 1 planned trials are finished", "<td>3 of 240</td>")
                .contains("resnet56 to resnet20 on cifar100</h3>", "training CE by epoch", NAME);
        assertThat(dashed(page)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void what_was_written_late_of_a_finished_trial_changes_nothing() throws IOException {
        SampleSweep.write(store, 1, 0.2);
        store.commit(ok(OPEN), epochs(OPEN, 3), reliability(OPEN));
        Map<String, String> before = texts();
        store.openEpochs().write(openEpochs(OPEN, 2, 1));
        assertThat(texts()).isEqualTo(before);
    }

    @Test
    void more_open_trials_than_colours_are_drawn_and_listed_all() throws IOException {
        List<PlannedTrial> plan = new ArrayList<>();
        for (int seed = 1; seed <= 12; seed++) {
            Trial trial = SampleOutcomes.trial(LossSettings.of(new LossWeights(0.1, 0.9, 0)), seed, false);
            plan.add(new PlannedTrial(trial, Set.of(Role.GRID)));
            store.openEpochs().write(openEpochs(trial, 1 + seed, 1));
        }
        store.writePlan("many", plan);
        String page = texts().get("report.html");
        assertThat(page).contains("gamma 0, seed 12</td>", "seed 4\nepoch 5").doesNotContain("seed 5\nepoch");
        assertThat(dashed(page)).isGreaterThanOrEqualTo(2 * 12);
    }

    @Test
    void show_has_an_open_trial_s_epochs() throws IOException {
        store.writePlan("begun", List.of(new PlannedTrial(OPEN, Set.of(Role.GRID))));
        store.openEpochs().write(openEpochs(OPEN, 2, 1));

        assertThat(TrialDetails.of(store, new OpenTrials(new Configuration(), results), OPEN.id()))
                .contains("no outcome yet")
                .containsPattern("epochs\nepoch .*\n1 .*\n2 +0\\.05 ");
    }
}
