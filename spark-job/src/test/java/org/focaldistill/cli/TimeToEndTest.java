package org.focaldistill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.config.ConfigLoader;
import org.focaldistill.config.FocalDistillConfig;
import org.focaldistill.spark.input.ReadyTeacher;
import org.focaldistill.store.ResultStore;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.PlannedTrial;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of resnet8, which has 12,507,392 multiply-adds, at 5e8 of them a second. */
class TimeToEndTest {
    private static final double SPEED = 5e8;

    @TempDir
    private Path folder;

    private final Configuration hadoop = new Configuration();
    private FocalDistillConfig config;
    private Inputs inputs;
    private Map<String, ReadyTeacher> teachers;

    @BeforeEach
    void configure() throws IOException {
        load();
    }

    private void load(String... more) throws IOException {
        Path file = folder.resolve("sweep.conf");
        Files.writeString(file, """
                focaldistill {
                  paths.root = "%s"
                  data { validation = 60, trainImages = 400, testImages = 100 }
                  teachers { small { model = resnet8 }, second { model = resnet8 } }
                  sweep {
                    pairs = [{ teacher = small, student = resnet8 }, { teacher = second, student = resnet8 }]
                    alpha = [0.1]
                    gamma = [0, 0.01, 0.02, 0.03]
                    baselines = []
                    references = []
                  }
                  recipe { epochs = 2, batchSize = 32 }
                }
                """.formatted(folder) + String.join("\n", more));
        config = new ConfigLoader(new TreeSet<>(Architecture.modelNames()))
                .load(file, List.of())
                .config();
        inputs = Inputs.preparedOrNot(config, hadoop);
        teachers = new TreeMap<>();
        inputs.teachersOfPairs()
                .forEach(name -> teachers.put(name, Teachers.unknown(inputs.order(name), Computation.CPU_FP32)));
    }

    private String line(int slots) throws IOException {
        return new TimeToEnd(config, inputs, Computation.CPU_FP32, hadoop, slots).line(teachers, 60, SPEED);
    }

    /** Eight trials of two epochs of 340 images, three passes each, and the banks' images once: 960 of either teacher. */
    @Test
    void it_is_that_of_teachers_banks_and_trials_on_the_slots_there_are() throws IOException {
        assertThat(line(1))
                .isEqualTo("About 8 min 36 s to the end, as fast as teachers train now: 1 min 0 s for them,"
                        + " 7 min 36 s for 8 trials; evaluation comes on top");
        assertThat(line(4)).startsWith("About 2 min 54 s to the end").contains("1 min 54 s for 8 trials");
    }

    @Test
    void what_is_finished_takes_no_time() throws IOException {
        ResultStore store = new ResultStore(
                hadoop, new org.apache.hadoop.fs.Path(config.paths().results()));
        List<Trial> trials = inputs.plan(teachers, Computation.CPU_FP32).trials().stream()
                .map(PlannedTrial::trial)
                .filter(trial -> trial.teacher().equals("small"))
                .toList();
        for (Trial trial : trials) {
            store.commit(SampleOutcomes.ok(trial), List.of(), SampleOutcomes.reliability(trial));
        }
        assertThat(line(1)).startsWith("About 4 min 48 s to the end").contains("for 4 trials");
    }

    @Test
    void of_a_race_it_is_the_most() throws IOException {
        load("focaldistill.sweep.race.question = best", "focaldistill.sweep.seeds = [1, 2, 3]");
        assertThat(line(4)).startsWith("At most about ").contains("for 24 trials");
    }
}
