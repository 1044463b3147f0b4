package org.focaldistill.spark.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.focaldistill.sweep.SampleOutcomes.epochs;
import static org.focaldistill.sweep.SampleOutcomes.ok;
import static org.focaldistill.sweep.SampleOutcomes.reliability;
import static org.focaldistill.sweep.SampleOutcomes.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.Role;
import org.focaldistill.sweep.Trial;
import org.focaldistill.testing.Defaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultQueryTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.master", "local[1]", "spark.driver.bindAddress", "127.0.0.1", "spark.driver.host", "127.0.0.1");
    private static final Trial TRIAL = trial(0.1, 0.9, 0.01, 1);

    @TempDir
    private Path results;

    private ResultStore store;

    @BeforeEach
    void plan() throws IOException {
        SETTINGS.forEach(System::setProperty);
        store = new ResultStore(new Configuration(), new org.apache.hadoop.fs.Path(results.toUri()));
        store.writePlan("study", List.of(new PlannedTrial(TRIAL, Set.of(Role.GRID))));
    }

    @AfterEach
    void unset() {
        SETTINGS.keySet().forEach(System::clearProperty);
    }

    @Test
    void views_answer_with_nothing_where_there_is_no_value() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 2), reliability(TRIAL));
        try (ResultQuery query = new ResultQuery(results.toString())) {
            ResultQuery.Answer answer = query.ask("SELECT alpha, seeds, ce_sd FROM cells WHERE newest");
            assertThat(answer.columns()).containsExactly("alpha", "seeds", "ce_sd");
            assertThat(answer.rows()).containsExactly(List.of("0.1", "1", ""));
        }
    }

    @Test
    void values_of_every_type_are_written_as_sparks_own_command_line_does() throws IOException {
        try (ResultQuery query = new ResultQuery(results.toString())) {
            assertThat(query.ask("SELECT array(1, NULL), map('a', array(1.5D)), named_struct('x', 1, 'y', NULL), NULL,"
                                    + " timestamp'2026-03-01 10:00:00.5', date'2026-03-01', X'00FF', 'text', 1e-9D, 1.50BD,"
                                    + " collect_list(role) FROM plan")
                            .rows())
                    .containsExactly(List.of(
                            "[1,null]",
                            "{\"a\":[1.5]}",
                            "{\"x\":1,\"y\":null}",
                            "",
                            "2026-03-01T10:00:00.500Z",
                            "2026-03-01",
                            "00FF",
                            "text",
                            "1.0E-9",
                            "1.50",
                            "[\"grid\"]"));
        }
    }

    @Test
    void times_are_in_utc_and_say_so_wherever_the_question_is_asked() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 2), reliability(TRIAL));
        try (Defaults elsewhere = new Defaults("ar-EG", "Asia/Tokyo");
                ResultQuery query = new ResultQuery(results.toString())) {
            assertThat(query.ask("SELECT started_at, date_format(started_at, 'HH:mm'), alpha FROM trials")
                            .rows())
                    .containsExactly(List.of(
                            ok(TRIAL).run().startedAt().toString(),
                            ok(TRIAL).run().startedAt().toString().substring(11, 16),
                            "0.1"));
        }
    }

    @Test
    void a_question_about_trials_before_there_are_any_is_told_so() throws IOException {
        try (ResultQuery query = new ResultQuery(results.toString())) {
            assertThat(query.ask("SELECT role FROM plan").rows()).containsExactly(List.of("grid"));
            assertThatThrownBy(() -> query.ask("SELECT * FROM cells"))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("Cannot answer the query: ")
                    .hasMessageEndingWith("No trial has a result yet: there are only [plan]");
        }
    }

    @Test
    void views_are_there_under_any_spelling_and_for_statements_that_do_not_name_them() throws IOException {
        store.commit(ok(TRIAL), epochs(TRIAL, 2), reliability(TRIAL));
        try (ResultQuery query = new ResultQuery(results.toString())) {
            assertThat(query.ask("(SELECT count(*) FROM `Trials`) UNION ALL SELECT count(*) FROM EPOCHS")
                            .rows())
                    .containsExactly(List.of("1"), List.of("2"));
            assertThat(query.ask("-- all\nSHOW VIEWS").rows())
                    .extracting(view -> view.get(1))
                    .hasSize(17)
                    .contains("cells", "plan", "curves");
        }
    }

    @Test
    void asking_leaves_nothing_in_the_results() throws IOException {
        try (ResultQuery query = new ResultQuery(results.toString())) {
            query.ask("SELECT * FROM plan");
        }
        try (Stream<Path> files = Files.list(results)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("plan");
        }
    }
}
