package org.focaldistill.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.SparkConf;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.Pair;
import org.focaldistill.sweep.SampleOutcomes;
import org.focaldistill.sweep.Trial;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    private static final long MIB = 1 << 20;

    @Test
    void it_says_what_each_student_takes_and_what_as_many_of_the_largest_as_run_at_a_time() {
        List<Trial> trials = List.of(trial("resnet20", 1), trial("resnet20", 2), trial("ShuffleV1", 1));
        assertThat(new MemoryPlan(trials, model -> Architecture.named(model).network(100), 2).line())
                .matches(
                        "Memory of an executor outside its Java heap: about 1[0-9]{3} MiB a trial of ShuffleV1, [23][0-9]{2}"
                                + " MiB a trial of resnet20, 200 MiB for all; 2 at a time take 1[0-9]{3} MiB at most");
    }

    @Test
    void forty_slots_in_four_gigabytes_are_told_to_wait_and_a_few_are_not() throws IOException {
        List<Trial> trials = LongStream.range(0, 40)
                .mapToObj(seed -> trial("resnet20", seed))
                .toList();
        ExecutorMemory fourGigabytes = new ExecutorMemory(4096 * MIB, "the driver");
        assertThat(new MemoryPlan(trials, model -> Architecture.named(model).network(100), 40).shortages(fourGigabytes))
                .singleElement()
                .asString()
                .startsWith("Trials will wait for memory: 40 at a time may take ")
                .contains("the driver has 4096 MiB for what it trains")
                .contains("run.slots");
        assertThat(new MemoryPlan(trials, model -> Architecture.named(model).network(100), 8).shortages(fourGigabytes))
                .isEmpty();
    }

    @Test
    void students_that_surely_have_no_room_are_named_and_where_none_has_any_it_is_refused() throws IOException {
        List<Trial> trials = List.of(trial("resnet20", 1), trial("resnet32x4", 1));
        MemoryPlan plan =
                new MemoryPlan(trials, model -> Architecture.named(model).network(100), 1);
        assertThat(plan.shortages(new ExecutorMemory(500 * MIB, "executor 3 on there")))
                .singleElement()
                .asString()
                .startsWith("There is no memory for trials of resnet32x4 (about ")
                .contains("which will fail: executor 3 on there has 500 MiB");
        assertThatThrownBy(() -> plan.shortages(new ExecutorMemory(50 * MIB, "executor 3 on there")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("There is no memory for any of these trials: resnet20 (about ");
    }

    @Test
    void executors_of_one_machine_share_its_memory_and_the_least_of_all_counts() {
        long gib = 1024 * MIB;
        ExecutorReports reports = new ExecutorReports();
        reports.add(report("1", "alone", new MemoryLook(15 * gib, 2 * gib, 18 * gib)));
        assertThat(reports.memory()).isEqualTo(new ExecutorMemory(15 * gib - 200 * MIB, "executor 1 on alone"));
        reports.add(report("2", "shared", new MemoryLook(15 * gib, 2 * gib, 18 * gib)));
        reports.add(report("3", "shared", new MemoryLook(15 * gib, 2 * gib, 18 * gib)));
        assertThat(reports.memory()).isEqualTo(new ExecutorMemory(7 * gib - 200 * MIB, "executor 2 on shared"));
    }

    @Test
    void a_container_has_beside_the_heap_what_spark_asks_for_less_the_jvm_s_own() {
        SparkConf conf = new SparkConf(false).set("spark.executor.memory", "2g");
        assertThat(MemoryLook.besideHeap(conf)).isEqualTo(192 * MIB);
        assertThat(MemoryLook.besideHeap(conf.clone().set("spark.executor.memoryOverhead", "5g")))
                .isEqualTo((5 * 1024 - 256) * MIB);
        assertThat(MemoryLook.besideHeap(conf.clone().set("spark.executor.memoryOverheadFactor", "1")))
                .isEqualTo((2 * 1024 - 256) * MIB);
    }

    private static ExecutorReport report(String executor, String host, MemoryLook memory) {
        KernelLook kernels = new KernelLook("onednn", null, null);
        return new ExecutorReport(executor, host, null, null, CardLook.none("There is no card"), kernels, memory, null);
    }

    private static Trial trial(String student, long seed) {
        return SampleOutcomes.trial(
                new Pair("resnet56", student), LossSettings.of(LossWeights.CROSS_ENTROPY), seed, false);
    }
}
