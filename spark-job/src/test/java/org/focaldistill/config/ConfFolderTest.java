package org.focaldistill.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.SweepPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configurations that come with the project, in its conf folder. */
class ConfFolderTest {
    private static final Path CONF = Path.of("..", "conf");
    private static final Set<String> MODELS =
            Set.of("resnet8", "resnet20", "resnet56", "resnet110", "resnet32x4", "wrn_40_2", "ShuffleV1");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(CONF)) {
            return files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void loadsPlansAndSaysItsCostAndCommand(Path file) throws IOException {
        assertThat(plan(file).trials()).isNotEmpty();
        assertThat(Files.readString(file)).startsWith("# ").contains("# What: ", "# Cost: ", "# Command: ");
    }

    @Test
    void theHeadersCountTheirTrialsRight() {
        assertThat(plan(CONF.resolve("study.conf")).trials()).hasSize(444);
        assertThat(plan(CONF.resolve("two-cores-grid.conf")).trials()).hasSize(111);
        assertThat(plan(CONF.resolve("two-cores-weights.conf")).trials()).hasSize(60);
        assertThat(plan(CONF.resolve("two-cores-teacher.conf")).trials()).hasSize(10);
        // 9 cells, of which cross entropy alone is a baseline, and two more yardsticks.
        assertThat(plan(CONF.resolve("smoke.conf")).trials()).hasSize(11);
    }

    private static SweepPlan plan(Path file) {
        FocalDistillConfig config =
                new ConfigLoader(MODELS).load(file, List.of()).config();
        Map<String, String> hashes = config.sweep().pairs().stream()
                .map(Pair::teacher)
                .collect(Collectors.toMap(Function.identity(), teacher -> "hash of " + teacher, (a, b) -> a));
        DataRef data =
                new DataRef("cifar100", "hash", false, 50_000, config.data().validation(), 10_000);
        return SweepPlan.of(config.sweep(), data, hashes, Computation.CPU_FP32);
    }
}
