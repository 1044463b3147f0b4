package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkTest {
    private final Map<String, Long> told = new HashMap<>();

    /** Two trainings of 10 epochs of 100 images: a cheap one, and one of thrice the cost with 4 epochs saved. */
    private Workload work() {
        return new Workload(
                List.of(new Workload.Training("a", 10, 0, 100, 1), new Workload.Training("b", 10, 4, 100, 3)),
                id -> told.getOrDefault(id, 0L));
    }

    @Test
    void images_count_by_what_they_cost() {
        Workload work = work();
        work.leg("a", 0);
        work.leg("b", 4);
        assertThat(work.left()).isEqualTo(1000 + 3 * 600);
        told.put("a", 50L);
        told.put("b", 20L);
        assertThat(work.left()).isEqualTo(950 + 3 * 580);
        assertThat(work.done()).isEqualTo(50 + 3 * 20);
        assertThat(work.images()).isEqualTo(70);
    }

    @Test
    void what_earlier_runs_did_is_neither_left_nor_done_also_before_the_trial_begins() {
        told.put("b", 400L);
        Workload work = work();
        assertThat(work.begun()).isFalse();
        assertThat(work.left()).isEqualTo(1000 + 3 * 600);
        work.leg("b", 4);
        assertThat(work.begun()).isTrue();
        assertThat(work.left()).isEqualTo(1000 + 3 * 600);
        assertThat(work.done()).isZero();
    }

    @Test
    void the_epoch_of_the_next_leg_counts_whenever_its_images_are_told_of() {
        Workload work = work();
        work.leg("a", 0);
        told.put("a", 180L);
        work.leg("a", 2);
        assertThat(work.left()).isEqualTo(800 + 3 * 600);
        told.put("a", 200L);
        assertThat(work.left()).isEqualTo(800 + 3 * 600);
        told.put("a", 250L);
        assertThat(work.left()).isEqualTo(750 + 3 * 600);
    }

    @Test
    void what_a_failed_leg_trained_is_to_be_trained_again() {
        Workload work = work();
        work.leg("a", 0);
        told.put("a", 200L);
        work.leg("a", 2);
        told.put("a", 270L);
        assertThat(work.left()).isEqualTo(730 + 3 * 600);
        work.lost("a");
        assertThat(work.left()).isEqualTo(800 + 3 * 600);
        work.leg("a", 2);
        told.put("a", 280L);
        assertThat(work.left()).isEqualTo(790 + 3 * 600);
        assertThat(work.done()).isEqualTo(280);
    }

    @Test
    void a_training_that_goes_back_to_an_older_checkpoint_has_more_to_do() {
        Workload work = work();
        work.leg("b", 4);
        told.put("b", 200L);
        work.leg("b", 6);
        work.lost("b");
        work.leg("b", 0);
        assertThat(work.left()).isEqualTo(1000 + 3 * 1000);
    }

    @Test
    void one_that_has_ended_or_is_given_up_leaves_nothing() {
        Workload work = work();
        work.leg("a", 0);
        work.leg("b", 4);
        told.put("b", 30L);
        work.over("b");
        assertThat(work.left()).isEqualTo(1000);
        assertThat(work.done()).isEqualTo(3 * 30);
    }

    @Test
    void more_images_than_the_training_has_leave_no_debt() {
        Workload work = work();
        work.leg("a", 0);
        told.put("a", 1500L);
        assertThat(work.left()).isEqualTo(3 * 600);
    }
}
