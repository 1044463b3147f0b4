package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that ask, on results that versions of the program before this one left. */
class EarlierResultsTest {
    /** Its trials were started last, of those sweeps that have some. */
    private static final String LAST_STARTED = "c14693f433f1e48159d5";

    private static final String INTERRUPTED = "f57daa998f1ba8f84831";

    @TempDir
    private Path results;

    @Test
    void the_study_s_newest_sweep_is_reported_on_by_default() throws IOException {
        FileUtils.copyDirectory(new File("../notebooks/study"), results.toFile());

        assertThat(ask("report")).contains("Sweep 6e8997c0453f49ee85e0: ").doesNotContain("missing");
        assertThat(ask("status")).startsWith("Sweep 6e8997c0453f49ee85e0: ").contains("waiting       0");
    }

    @Test
    void an_axis_that_no_trial_varies_is_bad_usage_and_says_which_do() throws IOException {
        FileUtils.copyDirectory(new File("../notebooks/study"), results.toFile());
        StringWriter err = new StringWriter();
        int code = run(new StringWriter(), err, "report", "--axes", "alpha,momentum");
        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .containsPattern(
                        "--axes: all trials of the sweep that can be compared have one (alpha and )?momentum; \\S");
        assertThat(results.resolve("report")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2126-01-01T00:00:00Z"})
    void a_results_folder_s_newest_sweep_does_not_hang_on_when_finished_ones_were_copied(String copied)
            throws IOException {
        copySchema1();
        touchPlans(copied);
        Files.setLastModifiedTime(
                results.resolve("plan/" + INTERRUPTED + ".parquet"),
                FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));

        assertThat(ask("status"))
                .startsWith("Sweep " + LAST_STARTED + ": 1 trial planned")
                .contains("done          1");
        assertThat(ask("report")).contains("Sweep " + LAST_STARTED + ": 1 of 1 trials finished");
        assertThat(ask("report", "--sweep", "cdcd64e5feeb7caa7c7c"))
                .contains("2 of 2 trials finished")
                .containsPattern("0\\.5 4 +1 +OK")
                .containsPattern("1E\\+30 4 +1 DIVERGED");
    }

    @Test
    void a_sweep_that_was_interrupted_before_its_first_result_is_newest_by_its_plan_s_file() throws IOException {
        copySchema1();
        touchPlans("2126-01-01T00:00:00Z");

        assertThat(ask("status"))
                .startsWith("Sweep " + INTERRUPTED + ": 1 trial planned; nobody works here")
                .contains("interrupted   1")
                .contains("400216118dc8f59c46cb  small -> resnet8, alpha 0.1, beta 0.9, gamma 0.0, seed 1: epoch 1 of"
                        + " 400 saved");
    }

    @Test
    void show_has_an_earlier_trial_s_row_roles_attempts_and_epochs() throws IOException {
        copySchema1();

        assertThat(ask("show", "2347"))
                .containsPattern("(?m)^trial_id +2347c867290b31e68c77$")
                .containsPattern("(?m)^workers +2$")
                .containsPattern("(?m)^engine +cpu$")
                .containsPattern("(?m)^numerics +fp32$")
                .contains("grid in sweep " + LAST_STARTED)
                .containsPattern("1 FAILED .*\n  2 OK ")
                .containsPattern("(?m)^2 +0\\.005 ");
        assertThat(ask("show", "4002"))
                .containsPattern("(?m)^status +no outcome yet$")
                .containsPattern("(?m)^epochs_saved +1$")
                .containsPattern("(?m)^recipe.epochs +400$")
                .containsPattern("1 STOPPED ");
    }

    private void copySchema1() throws IOException {
        FileUtils.copyDirectory(new File("src/test/resources/results/schema-1"), results.toFile());
    }

    private void touchPlans(String time) throws IOException {
        try (Stream<Path> plans = Files.list(results.resolve("plan"))) {
            for (Path plan : plans.toList()) {
                Files.setLastModifiedTime(plan, FileTime.from(Instant.parse(time)));
            }
        }
    }

    private String ask(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(run(out, err, arguments)).as(err.toString()).isZero();
        return out.toString();
    }

    private int run(StringWriter out, StringWriter err, String... arguments) {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--set", "paths.results=" + results))
                .toArray(String[]::new);
        return FocalDistill.run(new PrintWriter(out), new PrintWriter(err), all);
    }
}
