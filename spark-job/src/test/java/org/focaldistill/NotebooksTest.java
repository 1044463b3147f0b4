package org.focaldistill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.report.Report;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SweepRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The notebooks as they are committed; that they run is shown by running them. */
class NotebooksTest {
    private static final Path FOLDER = Path.of("..", "notebooks");
    private static final long LARGEST = 300_000;
    /** Pictures, and the escapes of line ends and tabs, which stand before words. */
    private static final String NO_TEXT = "\"image/png\": \"[^\"]*\"|\\\\[nrt]";

    /** A path from a file system's root; the slashes of addresses and of words stand behind others. */
    private static final Pattern PLACE = Pattern.compile("(?<![\\w/.<])/\\w[\\w.-]*/|file:");

    static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> notebooks = files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
            assertThat(notebooks).hasSizeGreaterThanOrEqualTo(3);
            return notebooks;
        }
    }

    private static List<JsonNode> code(Path notebook) throws IOException {
        return StreamSupport.stream(
                        new ObjectMapper()
                                .readTree(Files.readAllBytes(notebook))
                                .get("cells")
                                .spliterator(),
                        false)
                .filter(cell -> cell.get("cell_type").asText().equals("code"))
                .toList();
    }

    private static List<JsonNode> outputs(Path notebook) throws IOException {
        List<JsonNode> outputs = new ArrayList<>();
        code(notebook).forEach(cell -> cell.get("outputs").forEach(outputs::add));
        return outputs;
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void areSmall(Path notebook) throws IOException {
        assertThat(Files.size(notebook)).isLessThan(LARGEST);
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void wereRunFromTopToBottom(Path notebook) throws IOException {
        List<JsonNode> cells = code(notebook);

        assertThat(cells)
                .extracting(cell -> cell.get("execution_count").asInt())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, cells.size()).boxed().toList());
        assertThat(outputs(notebook)).anyMatch(output -> output.path("data").has("image/png"));
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void holdNoErrorsWarningsTimesOrPlaces(Path notebook) throws IOException {
        assertThat(outputs(notebook))
                .noneMatch(output -> output.get("output_type").asText().equals("error")
                        || output.path("name").asText().equals("stderr"));
        assertThat(code(notebook)).noneMatch(cell -> cell.get("metadata").has("execution"));
        assertThat(Files.readString(notebook).replaceAll(NO_TEXT, " ")).doesNotContainPattern(PLACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"/srv/x\"", " /mnt/x/y", "in /opt/run.txt/", "file:///data", "file:/data"})
    void aPlaceIsNoticed(String text) {
        assertThat(text).containsPattern(PLACE);
    }

    @Test
    void theStudysRowsAreOfPhotographsAndReadByTheReport() throws IOException {
        ResultStore study = new ResultStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(FOLDER.resolve("study").toUri()));

        assertThat(study.trials()).hasSizeGreaterThanOrEqualTo(215).allSatisfy(outcome -> {
            assertThat(outcome.trial().data().generated()).isFalse();
            assertThat(outcome.studentUri()).isNull();
        });
        assertThat(study.sweeps()).hasSizeGreaterThanOrEqualTo(8);
        for (SweepRef sweep : study.sweeps()) {
            Report report = Report.of(study, sweep.id());
            assertThat(report.trialTable()).doesNotContain("missing");
            assertThat(Files.readString(FOLDER.resolve("study.ipynb"))).contains(sweep.id());
        }
    }
}
