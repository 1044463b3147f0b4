package org.focaldistill.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    @Test
    void an_executor_is_there_when_it_has_registered_and_reported_and_a_stuck_one_never_is() {
        ExecutorReports reports = new ExecutorReports();
        reports.registered("1", 4);
        reports.registered("stuck", 4);
        reports.add(new ExecutorReport("1", "a", null, null, CardLook.none("none"), null, null));
        List<String> told = new ArrayList<>();
        reports.follow(new ExecutorFollower() {
            @Override
            public void came(String executor, String host, int cores) {
                told.add("came " + executor + " " + host + " " + cores);
            }

            @Override
            public void went(String executor, String reason) {
                told.add("went " + executor + " " + reason);
            }
        });
        reports.add(new ExecutorReport("2", "b", "0", null, CardLook.none("none"), null, null));
        reports.registered("2", 1);
        reports.removed("1", "killed");
        reports.removed("stuck", "killed");
        assertThat(told).containsExactly("came 1 a 4", "came 2 b 1", "went 1 killed");
        assertThat(reports.count()).isEqualTo(1);
        assertThat(reports.place("1")).isEqualTo(new ExecutorReports.Place("a", "cpu"));
        assertThat(reports.place("2")).isEqualTo(new ExecutorReports.Place("b", "gpu 0"));
    }

    @Test
    void an_executor_that_comes_late_is_asked_whether_it_can_train_what_is_trained() {
        ExecutorReports reports = new ExecutorReports();
        reports.add(new ExecutorReport("1", "a", null, null, CardLook.none("There is no card"), null, null));
        reports.add(new ExecutorReport("2", "a", null, null, CardLook.none("none"), null, "it got GPUs [0, 1]"));
        assertThat(reports.against(Set.of(Computation.CPU_FP32), "1")).isNull();
        assertThat(reports.against(Set.of(Computation.CUDA_TF32), "1"))
                .isEqualTo("it can not train on a card. There is no card");
        assertThat(reports.against(Set.of(), "2")).isEqualTo("it got GPUs [0, 1]");
    }
}
