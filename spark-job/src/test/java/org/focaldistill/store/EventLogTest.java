package org.focaldistill.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.SweepEvent;
import org.focaldistill.sweep.TrialStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    private static final SweepEvent EVENT =
            new SweepEvent.TrialEnded("abc", TrialStatus.DIVERGED, "CE was \"NaN\"", 1.5);

    @TempDir
    private Path folder;

    private EventLog log() {
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T10:00:00.123456Z"), ZoneOffset.UTC);
        return new EventLog(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()), clock);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("events"))) {
            return files.sorted().toList();
        }
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files()) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }

    @Test
    void an_event_is_a_line_of_json_that_can_be_read_while_the_log_is_open() throws IOException {
        try (EventLog log = log()) {
            log.record(EVENT);
            assertThat(lines())
                    .containsExactly(
                            "{\"at\":\"2026-03-01T10:00:00.123Z\",\"event\":\"trial_ended\",\"trial_id\":\"abc\","
                                    + "\"status\":\"DIVERGED\",\"summary\":\"CE was \\\"NaN\\\"\",\"seconds\":1.5}");
        }
    }

    @Test
    void what_is_not_there_has_no_field() throws IOException {
        try (EventLog log = log()) {
            log.record(new SweepEvent.AttemptEnded("abc", 1, AttemptRow.End.OK, null));
        }
        assertThat(lines()).singleElement().asString().endsWith("\"attempt\":1,\"end\":\"OK\"}");
    }

    @Test
    void every_run_has_a_file_of_its_own_and_leaves_the_others_alone() throws IOException {
        for (int run = 0; run < 2; run++) {
            try (EventLog log = log()) {
                log.record(EVENT);
            }
        }
        assertThat(files()).hasSize(2).allSatisfy(file -> {
            assertThat(file.getFileName().toString()).matches("2026-03-01T10-00-00Z-[0-9a-f]{8}\\.jsonl");
            assertThat(Files.readAllLines(file)).hasSize(1);
        });
    }

    @Test
    void a_run_without_events_leaves_nothing() {
        log().close();
        assertThat(folder.resolve("events")).doesNotExist();
    }

    @Test
    void lines_of_many_threads_stay_whole() throws Exception {
        try (EventLog log = log()) {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            for (int i = 0; i < 1000; i++) {
                threads.execute(() -> log.record(EVENT));
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        List<String> lines = lines();
        assertThat(lines).hasSize(1000);
        for (String line : lines) {
            JsonNode event = new ObjectMapper().readTree(line);
            assertThat(event.get("event").asText()).isEqualTo("trial_ended");
        }
    }

    @Test
    void where_nothing_can_be_written_the_run_goes_on_and_later_events_are_logged() throws IOException {
        Path inTheWay = Files.createFile(folder.resolve("events"));
        try (EventLog log = log()) {
            log.record(EVENT);
            Files.delete(inTheWay);
            log.record(EVENT);
        }
        assertThat(lines()).hasSize(1);
    }
}
