package org.focaldistill.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The PTX in the jar: generated, so checked. */
class PtxTest {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/main/cuda");
    private static final Path PTX =
            Path.of(System.getProperty("basedir", ""), "src/main/resources/org/focaldistill/cuda");
    private static final List<String> CARDS = List.of("80", "86", "89", "90", "100", "120");

    @TempDir
    private Path folder;

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    static List<Path> sources() throws IOException {
        return files(SOURCES, ".cu");
    }

    static List<Path> compiled() throws IOException {
        return files(PTX, ".ptx");
    }

    private static Path compiledFrom(Path source) {
        return PTX.resolve(source.getFileName().toString().replace(".cu", ".ptx"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void it_is_of_the_sources_as_they_are_now(Path source) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path header : files(SOURCES, ".cuh")) {
            all.write(Files.readAllBytes(header));
        }
        all.write(Files.readAllBytes(source));
        assertThat(Files.readAllLines(compiledFrom(source)))
                .as("run src/main/cuda/compile.sh")
                .contains("// sources: " + DigestUtils.sha256Hex(all.toByteArray()));
    }

    @Test
    void each_file_has_its_source() throws IOException {
        assertThat(compiled())
                .isEqualTo(sources().stream().map(PtxTest::compiledFrom).toList());
    }

    @ParameterizedTest
    @MethodSource("compiled")
    void drivers_of_2020_take_it_for_any_card_from_compute_capability_8_0_on(Path ptx) throws IOException {
        assertThat(Files.readString(ptx)).contains("\n.version 7.0\n").contains("\n.target sm_80\n");
    }

    /** Where CUDA's assembler is: registers and spills are printed, and nothing spills. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("compiled")
    void it_assembles_for_each_generation_of_cards_without_spills(Path ptx) throws IOException {
        String assembler = StandIn.onPath("ptxas");
        Assumptions.assumeTrue(assembler != null, "There is no ptxas");
        for (String card : CARDS) {
            String output = StandIn.run(List.of(
                    assembler,
                    "-v",
                    "-arch=sm_" + card,
                    ptx.toString(),
                    "-o",
                    folder.resolve(card).toString()));
            output.lines()
                    .filter(line -> line.contains("registers") || line.contains("Compiling entry"))
                    .forEach(line -> System.out.println(card + " " + line.replace("ptxas info    : ", "")));
            assertThat(output).contains("0 bytes spill stores, 0 bytes spill loads");
            assertThat(output).doesNotContainPattern("[1-9][0-9]* bytes spill");
        }
    }

    @Test
    void its_kernels_are_known_with_the_sizes_of_their_arguments() {
        Ptx ptx = Ptx.parse(
                "a.ptx",
                ".visible .entry one(\n\t.param .u64 one_param_0,\n\t.param .f32 one_param_1\n)\n{}\n.entry none()\n{}");
        assertThat(ptx.kernels()).containsOnlyKeys("one", "none");
        assertThat(ptx.kernels().get("one")).containsExactly(8, 4);
        assertThat(ptx.kernels().get("none")).isEmpty();
    }

    @Test
    void arguments_of_other_sizes_are_refused() {
        assertThatThrownBy(() -> Ptx.parse("a.ptx", ".entry one(\n\t.param .align 8 .b8 one_param_0[24]\n)"))
                .hasMessage("Kernels take addresses and numbers of 4 or 8 bytes, one has"
                        + "\n\t.param .align 8 .b8 one_param_0[24]\n");
    }
}
