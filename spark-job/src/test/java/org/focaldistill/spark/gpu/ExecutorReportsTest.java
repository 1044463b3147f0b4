package org.focaldistill.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.EngineChoice;
import org.focaldistill.sweep.NumericsChoice;
import org.junit.jupiter.api.Test;

class ExecutorReportsTest {
    private static final MemoryLook PLENTY = new MemoryLook(8L << 30, 1L << 30, 16L << 30);
    private static final CardLook SOME_CARD = new CardLook("NVIDIA H200, 9.0", null, true, false, null);
    private static final KernelLook FAST = new KernelLook("onednn 2.5.2 (avx2)", null, null);

    @Test
    void an_executor_that_can_not_load_native_libraries_is_told_before_anything_is_trained_on_its_cpus() {
        ExecutorReports reports = new ExecutorReports();
        reports.add(report("1", "there", new KernelLook(null, null, "nothing can be written")));
        reports.add(report("2", "here", FAST));
        assertThat(reports.problems().unfit()).isEmpty();
        assertThat(reports.against(Computation.CPU_FP32).unfit())
                .extracting(ExecutorReports.Unfit::sentence)
                .containsExactly("Executor 1 on there can not train with engine cpu with numerics fp32:"
                        + " nothing can be written");
        assertThat(reports.against(Computation.CUDA_FP32).unfit())
                .hasSize(2)
                .allMatch(each -> each.why().startsWith("it can not train on a card. There is no card"));
    }

    @Test
    void an_executor_that_is_left_out_counts_for_nothing_until_another_one_of_its_name_comes() {
        ExecutorReports reports = new ExecutorReports();
        reports.add(report("1", "a", FAST));
        MemoryLook little = new MemoryLook(1L << 30, 1L << 30, 16L << 30);
        KernelLook slow = new KernelLook("nd4j", "no libdnnl", null);
        reports.add(new ExecutorReport("2", "b", null, null, CardLook.none("none"), slow, little, null));
        assertThat(reports.slow().unfit())
                .extracting(ExecutorReports.Unfit::executor)
                .containsExactly("2");
        long least = reports.memory().bytes();

        reports.leaveOut("2");
        assertThat(reports.count()).isEqualTo(1);
        assertThat(reports.slow().unfit()).isEmpty();
        assertThat(reports.kernels().line()).isEqualTo("Networks run on onednn 2.5.2 (avx2)");
        assertThat(reports.memory().bytes()).isGreaterThan(least);

        reports.removed("2", "killed");
        reports.add(report("2", "b", FAST));
        assertThat(reports.count()).isEqualTo(2);
    }

    @Test
    void an_executor_without_memory_for_the_smallest_trial_is_told_and_the_others_keep_theirs() {
        ExecutorReports reports = new ExecutorReports();
        reports.add(report("1", "a", FAST));
        MemoryLook little = new MemoryLook(300L << 20, 1L << 30, 2L << 30);
        reports.add(new ExecutorReport("2", "b", null, null, CardLook.none("none"), FAST, little, null));
        long needed = 400L << 20;
        assertThat(reports.withoutRoom(needed).unfit()).singleElement().satisfies(small -> {
            assertThat(small.executor()).isEqualTo("2");
            assertThat(small.sentence())
                    .startsWith("Executor 2 on b has 100 MiB for what it trains,"
                            + " and the smallest trial takes about 400 MiB. Take fewer trials at a time");
        });
        assertThat(reports.withoutRoom(needed).isAll()).isFalse();
        reports.leaveOut("2");
        assertThat(reports.withoutRoom(needed)).isEqualTo(new ExecutorReports.Judged(List.of(), 1));
        assertThat(reports.memory().executor()).isEqualTo("executor 1 on a");
    }

    @Test
    void one_that_comes_late_is_asked_for_room_too_and_all_without_it_are_known_as_all() {
        ExecutorReports reports = new ExecutorReports();
        reports.add(report("1", "a", FAST));
        MemoryLook little = new MemoryLook(300L << 20, 1L << 30, 2L << 30);
        reports.add(new ExecutorReport("late", "b", null, null, CardLook.none("none"), FAST, little, null));
        long needed = 400L << 20;
        assertThat(reports.againstRoom(needed, "late")).startsWith("it has 100 MiB for what it trains");
        assertThat(reports.againstRoom(needed, "1")).isNull();
        assertThat(reports.againstRoom(needed, "gone")).isNull();
        reports.removed("1", "killed");
        assertThat(reports.withoutRoom(needed).isAll()).isTrue();
        reports.removed("late", "killed");
        assertThat(reports.withoutRoom(needed).isAll()).isFalse();
    }

    @Test
    void a_card_that_broke_does_not_keep_others_from_being_chosen_where_cards_were_asked_for() throws Exception {
        ExecutorReports reports = new ExecutorReports();
        reports.add(new ExecutorReport("1", "a", "0", null, CardLook.none("It fell off the bus"), FAST, PLENTY, null));
        assertThatThrownBy(() -> reports.choose(EngineChoice.AUTO, NumericsChoice.AUTO))
                .hasMessageContaining("It fell off the bus")
                .hasMessageContaining("set run.engine = cpu");
        reports.add(new ExecutorReport("2", "b", "0", null, SOME_CARD, FAST, PLENTY, null));
        assertThat(reports.choose(EngineChoice.AUTO, NumericsChoice.AUTO)).isEqualTo(Computation.CUDA_TF32);
    }

    @Test
    void cards_that_nobody_asked_for_are_not_taken_in_place_of_all_processors() {
        ExecutorReports reports = new ExecutorReports();
        reports.add(report("1", "a", FAST));
        reports.add(new ExecutorReport("2", "b", null, null, SOME_CARD, FAST, PLENTY, null));
        assertThatThrownBy(() -> reports.choose(EngineChoice.AUTO, NumericsChoice.AUTO))
                .hasMessageContaining("Executor 1 on a can not train on a card");
    }

    @Test
    void an_executor_is_there_when_it_has_registered_and_reported_and_a_stuck_one_never_is() {
        ExecutorReports reports = new ExecutorReports();
        reports.registered("1", 4);
        reports.registered("stuck", 4);
        reports.add(new ExecutorReport("1", "a", null, null, CardLook.none("none"), FAST, PLENTY, null));
        List<String> told = new ArrayList<>();
        reports.follow(noting(told));
        reports.add(new ExecutorReport("2", "b", "0", null, CardLook.none("none"), FAST, PLENTY, null));
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
        reports.add(new ExecutorReport("1", "a", null, null, CardLook.none("There is no card"), FAST, PLENTY, null));
        reports.add(
                new ExecutorReport("2", "a", null, null, CardLook.none("none"), FAST, PLENTY, "it got GPUs [0, 1]"));
        assertThat(reports.against(Set.of(Computation.CPU_FP32), true, "1")).isNull();
        assertThat(reports.against(Set.of(Computation.CUDA_TF32), true, "1"))
                .isEqualTo("it can not train on a card. There is no card");
        assertThat(reports.against(Set.of(), true, "2")).isEqualTo("it got GPUs [0, 1]");
        reports.add(report("3", "b", new KernelLook("nd4j", "no libdnnl", null)));
        assertThat(reports.against(Set.of(Computation.CPU_FP32), true, "3"))
                .isEqualTo("it would train slowly, without oneDNN: no libdnnl");
        assertThat(reports.against(Set.of(Computation.CPU_FP32), false, "3")).isNull();
    }

    @Test
    void one_that_comes_late_and_has_a_gpu_that_another_one_computes_on_waits_until_that_one_is_gone() {
        ExecutorReports reports = new ExecutorReports();
        reports.add(new ExecutorReport("1", "a", "0", null, SOME_CARD, FAST, PLENTY, null));
        reports.add(new ExecutorReport("2", "a", "1", null, SOME_CARD, FAST, PLENTY, null));
        reports.add(new ExecutorReport("3", "b", "0", null, SOME_CARD, FAST, PLENTY, null));
        Set<Computation> onCards = Set.of(Computation.CUDA_TF32);
        assertThat(List.of("1", "2", "3")).allMatch(executor -> reports.against(onCards, true, executor) == null);
        List<String> told = new ArrayList<>();
        reports.follow(noting(told));
        reports.registered("1", 4);
        reports.add(new ExecutorReport("4", "a", "0", null, SOME_CARD, FAST, PLENTY, null));
        reports.registered("4", 4);
        assertThat(reports.against(onCards, true, "4"))
                .startsWith("it got GPU 0, which executor 1 has for itself: two workers of that machine");
        reports.leaveOut("4");
        assertThat(reports.against(onCards, true, "1")).isNull();
        assertThat(reports.count()).isEqualTo(3);
        reports.removed("2", "killed");
        assertThat(told).containsExactly("came 1 a 4", "came 4 a 4");
        reports.removed("1", "killed");
        assertThat(told).containsExactly("came 1 a 4", "came 4 a 4", "went 1 killed", "came 4 a 4");
        assertThat(reports.against(onCards, true, "4")).isNull();
        assertThat(reports.count()).isEqualTo(2);
    }

    private static ExecutorFollower noting(List<String> told) {
        return new ExecutorFollower() {
            @Override
            public void came(String executor, String host, int cores) {
                told.add("came " + executor + " " + host + " " + cores);
            }

            @Override
            public void went(String executor, String reason) {
                told.add("went " + executor + " " + reason);
            }
        };
    }

    @Test
    void what_networks_run_on_is_told_once_for_all_executors_that_are_alike() {
        ExecutorReports reports = new ExecutorReports();
        for (int i = 0; i < 50; i++) {
            reports.add(report(Integer.toString(i), "host", FAST));
        }
        assertThat(reports.kernels().line()).isEqualTo("Networks run on onednn 2.5.2 (avx2)");
        assertThat(reports.kernels().slow()).isEmpty();
    }

    @Test
    void slow_executors_are_told_with_the_reason_a_sentence_for_all_that_have_it() {
        ExecutorReports reports = new ExecutorReports();
        reports.add(report("0", "a", FAST));
        for (int i = 1; i <= 5; i++) {
            reports.add(report(Integer.toString(i), "b", new KernelLook("nd4j", "no libdnnl", null)));
        }
        assertThat(reports.kernels().line())
                .isEqualTo("Networks run on nd4j in executor 1 on b, executor 2 on b, executor 3 on b and 2 more;"
                        + " onednn 2.5.2 (avx2) in executor 0 on a");
        assertThat(reports.kernels().slow())
                .singleElement()
                .asString()
                .startsWith("No oneDNN in executor 1 on b, executor 2 on b, executor 3 on b and 2 more: no libdnnl. ");
    }

    @Test
    void the_driver_is_told_of_where_it_computes_too_and_as_one_with_its_executor_in_local_mode() {
        ExecutorReports cluster = new ExecutorReports();
        cluster.add(report("1", "there", new KernelLook("nd4j", "no libdnnl", null)));
        assertThat(cluster.kernels().withDriver().line())
                .contains("in the driver")
                .contains("in executor 1 on there");

        ExecutorReports local = new ExecutorReports();
        local.add(report("driver", "here", KernelLook.withoutLoading()));
        assertThat(local.kernelsSeen().line()).doesNotContain("onednn");
        assertThat(local.kernels().withDriver().line())
                .startsWith("Networks run on onednn")
                .doesNotContain(";");
    }

    @Test
    void a_driver_that_only_measures_is_told_of_alone_and_where_it_is_slow_with_the_reason() {
        assertThat(ExecutorKernels.ofMeasuringDriver().line()).startsWith("Averaged networks are measured on onednn");
        assertThat(ExecutorKernels.ofMeasuringDriver().slow()).isEmpty();
        KernelLook slow = new KernelLook("nd4j", "no libdnnl", null);
        assertThat(ExecutorKernels.ofMeasuringDriver(slow).slow())
                .singleElement()
                .asString()
                .startsWith("No oneDNN in the driver: no libdnnl. ND4J's own operations measure up to 37 times slower");
    }

    private static ExecutorReport report(String executor, String host, KernelLook kernels) {
        return new ExecutorReport(executor, host, null, null, CardLook.none("There is no card"), kernels, PLENTY, null);
    }
}
