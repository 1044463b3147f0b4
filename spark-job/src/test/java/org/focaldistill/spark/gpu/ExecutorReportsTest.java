package org.focaldistill.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.focaldistill.sweep.Computation;
import org.junit.jupiter.api.Test;

class ExecutorReportsTest {
    @Test
    void an_executor_that_can_not_load_native_libraries_is_told_before_anything_is_trained_on_its_cpus() {
        ExecutorReports reports = new ExecutorReports();
        CardLook none = CardLook.none("There is no card");
        reports.add(new ExecutorReport("1", "there", null, null, none, "nothing can be written", null));
        reports.add(new ExecutorReport("2", "here", null, null, none, null, null));
        assertThat(reports.problems()).isEmpty();
        assertThat(reports.against(Computation.CPU_FP32))
                .containsExactly("Executor 1 on there can not train with engine cpu with numerics fp32:"
                        + " nothing can be written");
        assertThat(reports.against(Computation.CUDA_FP32)).hasSize(2).allMatch(each -> each.contains("no card"));
    }
}
