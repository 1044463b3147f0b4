package org.focaldistill.spark.slots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlotPoolTest {
    private final AtomicLong now = new AtomicLong(1);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final SlotPool pool = new SlotPool(now::get, ended::get, 0);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void fail(String executor, String work) {
        pool.failed(executor, work, "its disk is full");
    }

    /** Where a work is given, which then ends without a word. */
    private String place(String work) {
        Placement placement = pool.take(1, work);
        pool.giveBack(placement);
        return placement.executors().get(0);
    }

    @Test
    void a_work_gets_a_slot_of_the_executor_with_most_free_ones() {
        pool.come("1", "a", 2);
        pool.come("2", "b", 3);
        Placement first = pool.take(1, "w1");
        assertThat(first).isEqualTo(new Placement(List.of("2"), List.of("executor_b_2"), Set.of()));
        assertThat(pool.take(4, "w2").executors()).containsExactlyInAnyOrder("1", "1", "2", "2");
        assertThat(pool.slots()).isEqualTo(5);
    }

    @Test
    void a_work_that_wants_more_slots_than_there_are_gets_all() {
        pool.come("1", "a", 2);
        assertThat(pool.take(3, "w").executors()).containsExactly("1", "1");
    }

    @Test
    void who_waits_gets_what_is_given_back_and_what_comes() throws Exception {
        pool.come("1", "a", 1);
        Placement only = pool.take(1, "w1");
        FutureTask<Placement> second = waiting("w2");
        FutureTask<Placement> third = waiting("w3");
        assertThat(second.isDone() || third.isDone()).isFalse();
        pool.giveBack(only);
        pool.come("2", "b", 1);
        assertThat(List.of(
                        second.get(9, TimeUnit.SECONDS).executors().get(0),
                        third.get(9, TimeUnit.SECONDS).executors().get(0)))
                .containsExactlyInAnyOrder("1", "2");
    }

    private FutureTask<Placement> waiting(String work) {
        FutureTask<Placement> task = new FutureTask<>(() -> pool.take(1, work));
        Thread thread = new Thread(task, work);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    @Test
    void a_work_that_failed_goes_elsewhere_until_something_succeeds_where_it_failed() {
        pool.come("1", "a", 4);
        pool.come("2", "b", 1);
        fail("1", "w");
        Placement second = pool.take(1, "w");
        assertThat(second).isEqualTo(new Placement(List.of("2"), List.of("executor_b_2"), Set.of("1")));
        pool.giveBack(second);
        assertThat(place("another")).isEqualTo("1");
        pool.succeeded("2", "w");
        assertThat(place("w")).isEqualTo("2");
        pool.succeeded("1", "another");
        assertThat(pool.take(1, "w").refused()).isEmpty();
    }

    @Test
    void a_work_stays_where_it_was_if_there_is_a_slot_for_it() {
        pool.come("1", "a", 2);
        pool.come("2", "b", 4);
        pool.succeeded("1", "w");
        assertThat(List.of(take("w"), take("w"), take("w"))).containsExactly("1", "1", "2");
    }

    @Test
    void an_executor_where_two_works_fail_gets_nothing_for_a_while_that_grows() {
        pool.come("1", "a", 4);
        pool.come("2", "b", 1);
        fail("1", "w1");
        assertThat(place("w3")).isEqualTo("1");
        fail("1", "w2");
        assertThat(place("w3")).isEqualTo("2");
        assertThat(pool.kept()).extracting(SlotPool.Kept::place).contains("executor 1 on a");
        for (Duration pause : List.of(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(8))) {
            pass(pause.minusMillis(1));
            assertThat(place("w3")).as("just before %s", pause).isEqualTo("2");
            pass(Duration.ofMillis(1));
            assertThat(pool.kept()).isEmpty();
            fail("1", "w after " + pause);
        }
    }

    @Test
    void works_that_fail_together_when_an_executor_breaks_count_as_one_break() {
        pool.come("1", "a", 8);
        pool.come("2", "b", 1);
        for (int i = 0; i < 8; i++) {
            fail("1", "w" + i);
        }
        pass(Duration.ofSeconds(30));
        assertThat(pool.kept()).isEmpty();
    }

    @Test
    void a_suspect_executor_gets_one_work_at_a_time_until_one_succeeds() {
        pool.come("1", "a", 4);
        pool.come("2", "b", 2);
        fail("1", "w1");
        fail("1", "w2");
        pass(Duration.ofSeconds(30));
        assertThat(List.of(take("w3"), take("w4"), take("w5"))).containsExactlyInAnyOrder("2", "2", "1");
        FutureTask<Placement> waits = waiting("w6");
        assertThat(waits.isDone()).isFalse();
        pool.succeeded("1", "w5");
        assertThat(waits).succeedsWithin(Duration.ofSeconds(9));
    }

    private String take(String work) {
        return pool.take(1, work).executors().get(0);
    }

    @Test
    void where_all_executors_fail_none_is_kept_from_work() {
        pool.come("1", "a", 1);
        pool.come("2", "b", 1);
        for (String executor : List.of("1", "2")) {
            fail(executor, "w1");
            fail(executor, "w2");
        }
        assertThat(List.of(take("w1"), take("w3"))).containsExactlyInAnyOrder("1", "2");
        assertThat(pool.kept()).isEmpty();
    }

    @Test
    void executors_that_all_failed_are_all_used_when_one_works_again() {
        pool.come("1", "a", 1);
        pool.come("2", "b", 1);
        for (String executor : List.of("1", "2")) {
            fail(executor, "w1");
            fail(executor, "w2");
        }
        pool.succeeded("1", "w3");
        assertThat(List.of(take("w4"), take("w5"))).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void a_work_does_not_wait_for_ever_for_an_executor_where_it_has_not_failed() throws Exception {
        pool.come("1", "a", 1);
        pool.come("2", "b", 1);
        fail("2", "w");
        Placement first = pool.take(1, "another");
        assertThat(first.executors()).containsExactly("1");
        FutureTask<Placement> waits = waiting("w");
        Thread.sleep(50);
        assertThat(waits.isDone()).isFalse();
        pass(Duration.ofMinutes(2));
        assertThat(waits.get(9, TimeUnit.SECONDS).executors()).containsExactly("2");
    }

    @Test
    void spark_starts_no_executor_while_one_that_gets_nothing_would_take_the_task() {
        SlotPool growing = new SlotPool(now::get, ended::get, 3);
        growing.come("1", "a", 1);
        growing.come("2", "b", 1);
        growing.refuse("2", "no card");
        Placement busy = growing.take(1, "w1");
        FutureTask<Placement> waits = new FutureTask<>(() -> growing.take(1, "w2"));
        new Thread(waits, "w2").start();
        assertThat(waits.isDone()).isFalse();
        growing.go("2", "ended");
        assertThat(waits).succeedsWithin(Duration.ofSeconds(9));
        growing.giveBack(busy);
    }

    @Test
    void executors_that_come_anew_on_a_machine_where_all_failed_are_kept_from_work_with_it() {
        pool.come("1", "bad", 1);
        pool.come("2", "good", 1);
        fail("1", "w1");
        fail("1", "w2");
        pool.go("1", "exited");
        pool.come("3", "bad", 4);
        assertThat(place("w3")).isEqualTo("2");
        assertThat(pool.kept()).extracting(SlotPool.Kept::place).containsExactly("machine bad");
        pass(Duration.ofSeconds(30));
        assertThat(place("w3")).isEqualTo("2");
        Placement good = pool.take(1, "w3");
        assertThat(place("w4")).isEqualTo("3");
        pool.giveBack(good);
    }

    @Test
    void one_broken_card_of_many_is_not_its_machine() {
        for (int card = 0; card < 4; card++) {
            pool.come("card " + card, "a", 1);
        }
        fail("card 0", "w1");
        fail("card 0", "w2");
        assertThat(pool.kept()).extracting(SlotPool.Kept::place).containsExactly("executor card 0 on a");
        assertThat(pool.take(3, "w3").executors()).containsExactlyInAnyOrder("card 1", "card 2", "card 3");
    }

    @Test
    void an_executor_that_can_not_be_used_has_no_slots() {
        pool.come("1", "a", 2);
        pool.come("2", "b", 2);
        pool.refuse("2", "it has no card");
        assertThat(pool.slots()).isEqualTo(2);
        assertThat(pool.take(4, "w").executors()).containsExactly("1", "1");
        assertThat(pool.kept()).containsExactly(new SlotPool.Kept("executor 2 on b", "it has no card", null));
    }

    @Test
    void spark_is_left_to_start_executors_where_it_may_start_more() {
        SlotPool growing = new SlotPool(now::get, ended::get, 3);
        growing.come("1", "a", 1);
        assertThat(growing.slots()).isEqualTo(3);
        assertThat(growing.take(1, "w1").executors()).containsExactly("1");
        Placement anywhere = growing.take(1, "w2");
        assertThat(anywhere.executors()).isEmpty();
        assertThat(anywhere.locations()).isEmpty();
    }

    @Test
    void nobody_waits_for_slots_of_an_application_that_has_ended() {
        ended.set(true);
        assertThatThrownBy(() -> pool.take(1, "w")).isInstanceOf(IllegalStateException.class);
        ended.set(false);
        pool.come("1", "a", 1);
        pool.close();
        assertThatThrownBy(() -> pool.take(1, "w")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void what_changes_is_told_in_its_order() {
        List<String> told = new CopyOnWriteArrayList<>();
        pool.come("0", "before anybody listens", 1);
        pool.follow(new Told(told));
        pool.come("1", "a", 2);
        fail("1", "w1");
        fail("1", "w2");
        pool.succeeded("1", "w3");
        pool.refuse("1", "no card");
        pool.go("1", "exited");
        pool.endNews();
        assertThat(told)
                .containsExactly(
                        "came 1 a 3",
                        "barred executor 1 on a 2 PT30S its disk is full",
                        "trusted executor 1 on a",
                        "unusable 1 a no card",
                        "lost 1 a exited 1");
    }

    private record Told(List<String> lines) implements SlotNews {
        @Override
        public void came(String executor, String host, int slots) {
            lines.add("came " + executor + " " + host + " " + slots);
        }

        @Override
        public void lost(String executor, String host, String reason, int slots) {
            lines.add("lost " + executor + " " + host + " " + reason + " " + slots);
        }

        @Override
        public void unusable(String executor, String host, String why) {
            lines.add("unusable " + executor + " " + host + " " + why);
        }

        @Override
        public void barred(String place, int failures, Duration pause, String reason) {
            lines.add("barred " + place + " " + failures + " " + pause + " " + reason);
        }

        @Override
        public void allFail() {
            lines.add("all fail");
        }

        @Override
        public void trusted(String place) {
            lines.add("trusted " + place);
        }
    }
}
