package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.nn.backend.KernelLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    @TempDir
    static Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void prepare_generated_images() throws IOException {
        GeneratedImages.write(folder.resolve("images"), 200, 100, 1);
        BenchCommandTest test = new BenchCommandTest();
        assertThat(test.run("prepare", "--set", root(), "--from", folder.resolve("images") + ""))
                .as(test.err.toString())
                .isZero();
    }

    @Test
    void what_is_measured_is_printed_and_written_and_nothing_else_is_left() throws Exception {
        List<Path> before = files();
        Program bench = Program.start(
                folder, "bench", "--only", "driver", "--trials", "20", "--set", root(), "--json", "bench.json");
        assertThat(bench.exitCode()).as(bench.output()).isZero();

        assertThat(bench.output())
                .containsPattern("driver +time a trial +2 trials of 1 ms +[0-9.]+ ms +1\\.00\n")
                .containsPattern("driver +time a trial +20 trials of 1 ms +[0-9.]+ ms +[0-9.]+\n")
                .containsPattern("driver +heap in use afterwards +20 trials of 1 ms +[0-9.]+ MB +[0-9.]+\n");
        JsonNode json = new ObjectMapper().readTree(folder.resolve("bench.json").toFile());
        assertThat(json.get("engine").asText()).isEqualTo(KernelLibraries.description());
        assertThat(json.get("slots").asInt()).isEqualTo(2);
        assertThat(json.get("images").asInt()).isEqualTo(2560);
        assertThat(json.get("warnings")).isEmpty();
        assertThat(json.get("measurements")).hasSize(4).allSatisfy(measurement -> {
            assertThat(measurement.get("values")).hasSize(1);
            assertThat(measurement.get("values").get(0).asDouble()).isPositive();
        });
        assertThat(files())
                .filteredOn(file -> !file.getFileName().toString().startsWith("output"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(before.stream(), Stream.of(folder.resolve("bench.json")))
                                .toList());
        Files.delete(folder.resolve("bench.json"));
    }

    @Test
    void what_can_not_be_measured_or_written_is_refused_and_leaves_nothing() throws IOException {
        List<Path> before = files();
        assertThat(run("bench", "--student", "resnet8")).isEqualTo(2);
        assertThat(err.toString())
                .contains("No pair of the study fits --student and --teacher; they are resnet56 -> resnet20, ");
        assertThat(run("bench", "--rounds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds must be at least 1, found 0");
        assertThat(run("bench", "--json", folder + "/nowhere/bench.json")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no folder " + folder + "/nowhere that can be written");
        assertThat(files()).containsExactlyInAnyOrderElementsOf(before);
    }

    private int run(String... arguments) {
        return FocalDistill.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private static String root() {
        return "paths.root=" + folder;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }
}
