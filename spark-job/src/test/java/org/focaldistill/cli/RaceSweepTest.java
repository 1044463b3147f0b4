package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.race.RaceEnd;
import org.focaldistill.sweep.race.RaceRow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A race of two cells that learn and one that does not, in processes of their own. */
@Tag("slow")
class RaceSweepTest {
    private static final String[] RACE = {
        "sweep.baselines = [{ alpha = 0, beta = 0, gamma = 0 }]",
        "sweep.seeds = [1, 2, 3]",
        "sweep.race { question = best, by = ce, first = 2 }",
        "recipe.epochs = 3"
    };

    @TempDir
    private Path folder;

    private Program run(String... arguments) throws Exception {
        Path config = folder.resolve("race.conf");
        Files.writeString(config, SmallSweep.configIn(folder, folder, RACE), StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("-c", config.toString()));
        Program program = Program.start(folder, all.toArray(String[]::new));
        assertThat(program.exitCode()).as(program.output()).isZero();
        return program;
    }

    @Test
    void a_race_grows_by_rounds_goes_on_with_a_larger_budget_and_says_what_it_knows() throws Exception {
        run("generate", "images");
        run("prepare", "--from", "images");

        Program first = run("sweep", "--set", "sweep.race.maxTrials=6");
        assertThat(first.output())
                .contains("6 trials up to the next round")
                .contains("Race of small -> resnet8: round 1 of at most 2, 3 of 3 cells with 2 seeds each")
                .contains("Race of small -> resnet8: over after 1 round (no budget)")
                .contains("6 of 6 trials have a result")
                .contains("The budget is spent");
        List<RaceRow> afterFirst = race();
        assertThat(afterFirst).hasSize(3).allMatch(row -> row.end() == RaceEnd.NO_BUDGET && row.looks() == 1);

        Program second = run("sweep");
        assertThat(second.output()).contains("Race of small -> resnet8: round 2 of at most 2");
        List<RaceRow> afterSecond = race();
        assertThat(afterSecond)
                .extracting(RaceRow::sweepId)
                .containsOnly(afterFirst.get(0).sweepId());
        assertThat(afterSecond)
                .extracting(RaceRow::trial)
                .containsExactlyElementsOf(
                        afterFirst.stream().map(RaceRow::trial).toList());
        assertThat(afterSecond).allMatch(row -> row.looks() == 2);
        int trials = afterSecond.stream().mapToInt(RaceRow::seeds).sum();
        SweepFolder found = SweepFolder.of(folder);
        found.assertExactlyThePlansRows();
        assertThat(found.rows()).hasSize(trials);

        assertThat(run("status").output()).contains("whole grid's 9");
        assertThat(run("sql", "SELECT state, seeds, alpha FROM races JOIN trials USING (trial_id) ORDER BY difference")
                        .output())
                .contains("state", "alpha");
        String report = run("report").output();
        assertThat(report).containsOnlyOnce("surely not the best").doesNotContain("Best of");
        assertThat(report.indexOf("surely not the best")).isLessThan(report.indexOf("mean of"));
        assertThat(folder.resolve("results/report/report.html")).content().contains("The race", "surely not the best");
        assertThat(folder.resolve("results/report/report.md")).content().contains("## The race");

        Program again = run("sweep");
        assertThat(again.output()).contains("over after 2 rounds").doesNotContain("to train on");
        assertThat(race()).isEqualTo(afterSecond);
    }

    private List<RaceRow> race() throws Exception {
        ResultStore store = new ResultStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(folder.resolve("results").toUri()));
        return store.races().of(store.sweeps().get(0).id());
    }
}
