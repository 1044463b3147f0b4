package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.loss.FocalForm;
import org.focaldistill.loss.KlDirection;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
    private static final String TABLE = "The study&#x27;s Table 1 beside ours";
    private static final String MISTAKES = "How a loss gets below zero";

    @TempDir
    Path folder;

    /** The page of a sweep of one trial. */
    private String page(Pair pair, FocalForm form) throws IOException {
        ResultStore store = new ResultStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(folder.resolve("results").toUri()));
        Trial trial = SampleOutcomes.trial(
                pair,
                new LossSettings(new LossWeights(0.1, 0.9, 0.5), 4, KlDirection.TEACHER_STUDENT, form, 2),
                1,
                false);
        store.commit(SampleOutcomes.ok(trial), List.of(), List.of());
        store.writePlan("mine", List.of(new PlannedTrial(trial, Set.of(Role.GRID))));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                FocalDistill.run(new PrintWriter(out), new PrintWriter(err), "report", "--set", "paths.root=" + folder);
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString()).contains("Sweep mine: 1 of 1 trials finished");
        return Files.readString(folder.resolve("results/report/report.html"));
    }

    @Test
    void a_sweep_about_the_published_study_is_told_what_that_found() throws IOException {
        assertThat(page(new Pair("resnet56", "resnet20"), FocalForm.LOST_MINUS)).contains(TABLE, MISTAKES);
    }

    @Test
    void a_sweep_about_something_else_is_not_told_of_the_study() throws IOException {
        assertThat(page(new Pair("resnet20", "resnet8"), FocalForm.FIXED)).doesNotContain(TABLE, MISTAKES);
    }
}
