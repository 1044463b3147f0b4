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
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.store.ResultStore;
import org.focaldistill.store.SweepRef;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.SweepDefinition;
import org.focaldistill.sweep.SweepPlan;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialOutcome;
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

    /** Whoever runs a configuration again reuses what an earlier version has finished. */
    @Test
    void theStudysConfigurationsPlanTheSweepsOfItsRows() throws IOException {
        ResultStore study = new ResultStore(
                new Configuration(),
                new org.apache.hadoop.fs.Path(Path.of("../notebooks/study").toUri()));
        List<Trial> trials = study.trials().stream().map(TrialOutcome::trial).toList();
        for (String file : List.of("two-cores-weights.conf", "two-cores-teacher.conf", "two-cores-grid.conf")) {
            SweepDefinition sweep = load(CONF.resolve(file)).sweep();
            List<Trial> own = trials.stream()
                    .filter(trial -> trial.teacher().equals(sweep.pairs().get(0).teacher())
                            && trial.recipe().equals(sweep.recipes().get("resnet20")))
                    .toList();
            Map<String, String> hashes =
                    trials.stream().collect(Collectors.toMap(Trial::teacher, Trial::teacherHash, (a, b) -> a));
            SweepPlan plan = SweepPlan.of(sweep, own.get(0).data(), hashes, Computation.CPU_FP32);

            assertThat(study.sweeps()).as(file).extracting(SweepRef::id).contains(plan.sweepId());
        }
    }

    private static FocalDistillConfig load(Path file) {
        return new ConfigLoader(MODELS).load(file, List.of()).config();
    }

    private static SweepPlan plan(Path file) {
        FocalDistillConfig config = load(file);
        Map<String, String> hashes = config.sweep().pairs().stream()
                .map(Pair::teacher)
                .collect(Collectors.toMap(Function.identity(), teacher -> "hash of " + teacher, (a, b) -> a));
        DataRef data =
                new DataRef("cifar100", "hash", false, 50_000, config.data().validation(), 10_000);
        return SweepPlan.of(config.sweep(), data, hashes, Computation.CPU_FP32);
    }
}
