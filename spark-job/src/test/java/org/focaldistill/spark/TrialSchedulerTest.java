package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.sweep.AttemptRow;
import org.focaldistill.sweep.Computation;
import org.focaldistill.sweep.DataRef;
import org.focaldistill.sweep.Recipe;
import org.focaldistill.sweep.SeedStreams;
import org.focaldistill.sweep.TeacherMode;
import org.focaldistill.sweep.Trial;
import org.focaldistill.sweep.TrialStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrialSchedulerTest {
    /** Time passes by pauses alone. */
    private static final class Time implements DriverClock {
        private Instant now = Instant.EPOCH;

        @Override
        public synchronized Instant now() {
            return now;
        }

        @Override
        public synchronized void pause(Duration time, BooleanSupplier stopped) {
            now = now.plus(time);
        }
    }

    private static Trial trial(String student, long seed) {
        return new Trial(
                new DataRef("images", "0", true, 10, 0, 10),
                "teacher",
                "0",
                TeacherMode.BANK_FP16,
                student,
                LossSettings.of(new LossWeights(0.1, 0.9, 0)),
                new Recipe(1, 10, 0.1, 0.9, 0, List.of(), 0.1),
                seed,
                0,
                1,
                0,
                Computation.CPU_FP32,
                SeedStreams.PLAIN);
    }

    /** Slots where some students' trials fail. */
    private static class Slots implements TrialScheduler.Slots {
        private final List<String> log = Collections.synchronizedList(new ArrayList<>());
        private final List<String> attempts = Collections.synchronizedList(new ArrayList<>());
        private final Set<String> failing;
        private final AtomicBoolean stopped = new AtomicBoolean();

        Slots(String... failing) {
            this.failing = Set.of(failing);
        }

        @Override
        public void began(Trial trial) {
            log.add(trial.student() + " " + trial.dataSeed());
        }

        @Override
        public LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last) throws IOException {
            if (failing.contains(trial.student())) {
                throw new IOException("no");
            }
            return new LegReport(1, TrialStatus.OK, "", "here", "cpu");
        }

        @Override
        public void attemptEnded(
                Trial trial,
                int attempt,
                Instant startedAt,
                AttemptRow.End end,
                @Nullable LegReport last,
                @Nullable Throwable error) {
            attempts.add(trial.id() + " " + attempt);
        }

        @Override
        public void ended(Trial trial, LegReport outcome) {}

        @Override
        public void failed(Trial trial) {
            log.add("failed");
        }

        @Override
        public void nothingWorksNow(List<Trial> inARow, Duration pause) {
            log.add("pause " + pause + " after " + inARow.size());
        }

        @Override
        public void waitsToo(Trial trial, Duration pause) {
            log.add(trial.student() + " " + trial.dataSeed() + " waits too");
        }

        @Override
        public void nothingWorks(int trialsInARow) {
            log.add("nothing works: " + trialsInARow);
            stopped.set(true);
        }
    }

    private static int run(Slots slots, int atATime, Trial... trials) {
        return new TrialScheduler(new Time(), slots.stopped::get, () -> atATime, 3)
                .run(List.of(trials), Map.of(), slots);
    }

    @Test
    void trials_that_fail_are_left_and_the_next_ones_are_trained() {
        Slots slots = new Slots("bad");
        assertThat(run(slots, 1, trial("bad", 1), trial("good", 1), trial("bad", 2), trial("good", 2)))
                .isEqualTo(2);
        assertThat(slots.log).containsExactly("bad 1", "failed", "good 1", "good 2", "bad 2", "failed");
    }

    @Test
    void those_that_may_fail_for_the_same_reason_as_one_before_come_last() {
        Slots slots = new Slots("bad");
        Trial[] trials = Stream.of(
                        Stream.of(1, 2).map(seed -> trial("bad", seed)),
                        Stream.of(1, 2).map(seed -> trial("good", seed)))
                .flatMap(each -> each)
                .toArray(Trial[]::new);
        assertThat(run(slots, 1, trials)).isEqualTo(2);
        assertThat(slots.log).containsExactly("bad 1", "failed", "good 1", "good 2", "bad 2", "failed");
    }

    @Test
    void where_trial_after_trial_fails_the_rest_is_not_begun() {
        Slots slots = new Slots("bad");
        Trial[] trials = Stream.iterate(1, seed -> seed + 1)
                .limit(100)
                .map(seed -> trial("bad", seed))
                .toArray(Trial[]::new);
        assertThat(run(slots, 1, trials)).isEqualTo(3);
        assertThat(slots.log)
                .containsExactly("bad 1", "failed", "bad 2", "failed", "bad 3", "failed", "nothing works: 3");
    }

    @Test
    void failures_in_a_row_that_ends_do_not_add_up() {
        Slots slots = new Slots("bad", "worse");
        assertThat(run(
                        slots,
                        1,
                        trial("bad", 1),
                        trial("worse", 1),
                        trial("good", 1),
                        trial("bad", 2),
                        trial("worse", 2)))
                .isEqualTo(4);
        assertThat(slots.log)
                .containsExactly(
                        "bad 1", "failed", "worse 1", "failed", "good 1", "bad 2", "failed", "worse 2", "failed");
    }

    @Test
    void what_has_worked_before_is_waited_for_and_tried_again() {
        Set<String> broken = Collections.synchronizedSet(new HashSet<>());
        Slots slots = new Slots() {
            @Override
            public LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last)
                    throws IOException {
                if (!broken.isEmpty()) {
                    throw new IOException("away");
                }
                if (trial.dataSeed() == 1) {
                    broken.add("file server");
                }
                return super.leg(trial, attempt, startedAt, last);
            }

            @Override
            public void nothingWorksNow(List<Trial> inARow, Duration pause) {
                super.nothingWorksNow(inARow, pause);
                if (pause.compareTo(Duration.ofMinutes(4)) == 0) {
                    broken.clear();
                }
            }
        };
        assertThat(run(slots, 1, trial("a", 1), trial("b", 2), trial("c", 3), trial("d", 4), trial("e", 5)))
                .isZero();
        assertThat(slots.log)
                .filteredOn(line -> line.startsWith("pause"))
                .containsExactly("pause PT1M after 3", "pause PT2M after 3", "pause PT4M after 3");
        assertThat(slots.log).endsWith("b 2", "c 3", "d 4", "e 5");
        assertThat(slots.attempts).doesNotHaveDuplicates();
    }

    @Test
    void what_stays_away_is_not_waited_for_without_end() {
        Slots slots = new Slots("bad");
        Trial[] trials = Stream.concat(
                        Stream.of(trial("good", 1)),
                        Stream.iterate(2, seed -> seed + 1).limit(50).map(seed -> trial("bad", seed)))
                .toArray(Trial[]::new);
        assertThat(run(slots, 1, trials)).isEqualTo(3);
        assertThat(slots.log)
                .filteredOn(line -> line.startsWith("pause") || line.startsWith("nothing"))
                .containsExactly(
                        "pause PT1M after 3",
                        "pause PT2M after 3",
                        "pause PT4M after 3",
                        "pause PT8M after 3",
                        "pause PT16M after 3",
                        "nothing works: 3");
    }

    /** Slots where legs fail when so many trials have had one done, until so long a pause. */
    private static Slots outage(int trials, Duration until) {
        CountDownLatch movedOn = new CountDownLatch(trials);
        AtomicBoolean over = new AtomicBoolean();
        return new Slots() {
            @Override
            public LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last)
                    throws IOException {
                if (attempt == 1 && last == null) {
                    return new LegReport(1, null, "", "here", "cpu");
                }
                if (attempt == 1) {
                    movedOn.countDown();
                    TrialSchedulerTest.await(movedOn);
                }
                if (!over.get()) {
                    throw new IOException("away");
                }
                return super.leg(trial, attempt, startedAt, last);
            }

            @Override
            public void nothingWorksNow(List<Trial> inARow, Duration pause) {
                super.nothingWorksNow(inARow, pause);
                over.compareAndSet(false, pause.compareTo(until) >= 0);
            }
        };
    }

    private static List<String> pauses(Slots slots) {
        return slots.log.stream()
                .filter(line -> line.startsWith("pause") || line.startsWith("nothing"))
                .toList();
    }

    @Test
    void the_last_trials_wait_for_the_end_of_an_outage_as_long_as_others_do_if_they_had_moved_on() {
        Slots slots = outage(3, Duration.ofMinutes(8));
        assertThat(run(slots, 3, trial("a", 1), trial("b", 2), trial("c", 3))).isZero();
        assertThat(pauses(slots)).hasSize(4).last().isEqualTo("pause PT8M after 3");

        Slots withoutEnd = outage(3, Duration.ofHours(1));
        assertThat(run(withoutEnd, 3, trial("a", 1), trial("b", 2), trial("c", 3)))
                .isEqualTo(3);
        // None is left that was not begun: they have failed, as trials do.
        assertThat(pauses(withoutEnd)).hasSize(5).last().isEqualTo("pause PT16M after 3");
    }

    @Test
    void the_last_trials_that_never_had_a_leg_done_are_tried_again_once() {
        Slots slots = new Slots("bad");
        assertThat(run(slots, 1, trial("good", 1), trial("bad", 2), trial("bad", 3), trial("bad", 4)))
                .isEqualTo(3);
        assertThat(pauses(slots)).containsExactly("pause PT1M after 3");
    }

    @Test
    void a_trial_that_fails_while_others_wait_waits_with_them() {
        FailureRun failures = new FailureRun();
        List<Trial> trials = List.of(trial("a", 1), trial("b", 2), trial("c", 3), trial("late", 4));
        failures.end(trials.get(0));
        for (Trial each : trials) {
            failures.works();
            for (int attempt = 0; attempt < 3; attempt++) {
                failures.attemptFailed();
            }
            FailureRun.Verdict verdict =
                    failures.another(each, true, true, Instant.EPOCH.plusSeconds(each.dataSeed() == 4 ? 20 : 0));
            switch (each.student()) {
                case "c" ->
                    assertThat(verdict)
                            .isEqualTo(new FailureRun.Verdict(
                                    FailureRun.Action.TRY_AGAIN_LATER, trials.subList(0, 3), Duration.ofMinutes(1)));
                case "late" ->
                    assertThat(verdict)
                            .isEqualTo(new FailureRun.Verdict(
                                    FailureRun.Action.TRY_AGAIN_WITH_OTHERS, List.of(each), Duration.ofSeconds(40)));
                default -> assertThat(verdict.action()).isEqualTo(FailureRun.Action.GO_ON);
            }
        }
        assertThat(failures.pause(Instant.EPOCH.plusSeconds(20))).isEqualTo(Duration.ofSeconds(40));
        assertThat(failures.another(trial("damaged", 5), false, true, Instant.EPOCH.plusSeconds(20))
                        .action())
                .isEqualTo(FailureRun.Action.GO_ON);
    }

    /** Three trials fail, of the last ones; the verdict of the third. */
    private static FailureRun.Verdict three(FailureRun failures, Instant now, Trial... trials) {
        FailureRun.Verdict verdict = null;
        for (Trial each : trials) {
            failures.works();
            for (int attempt = 0; attempt < 3; attempt++) {
                failures.attemptFailed();
            }
            failures.rests();
            verdict = failures.another(each, true, false, now);
        }
        return verdict;
    }

    @Test
    void the_last_trials_end_also_where_the_ones_that_had_moved_on_are_no_longer_among_them() {
        FailureRun failures = new FailureRun();
        Trial moved = trial("moved", 1);
        failures.end(moved);
        Instant now = Instant.EPOCH;
        for (int round = 0; round < 2; round++) {
            FailureRun.Verdict verdict = three(failures, now, moved, trial("b", 2), trial("c", 3));
            assertThat(verdict.action()).isEqualTo(FailureRun.Action.TRY_AGAIN_LATER);
            now = now.plus(verdict.pause());
        }
        assertThat(three(failures, now, trial("b", 2), trial("c", 3), trial("d", 4))
                        .action())
                .isEqualTo(FailureRun.Action.GO_ON);
    }

    @Test
    void a_thread_that_waits_for_a_trial_does_not_keep_others_from_being_tried_again() throws Exception {
        FailureRun failures = new FailureRun();
        failures.end(trial("good", 1));
        Thread other = new Thread(() -> {
            failures.works();
            failures.rests();
        });
        other.start();
        other.join();
        assertThat(three(failures, Instant.EPOCH, trial("b", 2), trial("c", 3), trial("d", 4))
                        .action())
                .isEqualTo(FailureRun.Action.TRY_AGAIN_LATER);
    }

    @Test
    void trials_that_have_begun_before_are_not_taken_for_ones_that_were_not_begun() {
        TrialQueue queue = new TrialQueue(List.of(trial("a", 1), trial("b", 2)));
        Trial first = queue.poll();
        queue.addAgain(List.of(first));
        assertThat(queue.hasNew()).isTrue();
        assertThat(queue.poll()).isEqualTo(first);
        assertThat(queue.poll()).isNotEqualTo(first);
        queue.addAgain(List.of(first));
        assertThat(queue.hasNew()).isFalse();
    }

    @Test
    void trials_that_fail_at_the_end_beside_one_in_a_long_leg_do_not_end_it() {
        CountDownLatch threeFailed = new CountDownLatch(3);
        Slots slots = new Slots("bad") {
            @Override
            public LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last)
                    throws IOException {
                if (trial.student().equals("good")) {
                    await(threeFailed);
                }
                return super.leg(trial, attempt, startedAt, last);
            }

            @Override
            public void failed(Trial trial) {
                super.failed(trial);
                threeFailed.countDown();
            }
        };
        assertThat(run(slots, 4, trial("good", 1), trial("bad", 1), trial("bad", 2), trial("bad", 3)))
                .isEqualTo(3);
        assertThat(slots.log).noneMatch(line -> line.startsWith("nothing works") || line.startsWith("pause"));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(9, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_queue_does_not_burn_while_one_thread_is_in_a_long_leg() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Slots slots = new Slots("bad") {
            @Override
            public LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last)
                    throws IOException {
                if (trial.student().equals("good")) {
                    TrialSchedulerTest.await(go);
                    // It fails too, at its end.
                    throw new IOException("no");
                }
                return super.leg(trial, attempt, startedAt, last);
            }
        };
        Trial[] trials = Stream.concat(
                        Stream.of(trial("good", 1)),
                        Stream.iterate(2, seed -> seed + 1).limit(200).map(seed -> trial("bad", seed)))
                .toArray(Trial[]::new);
        Thread run = new Thread(() -> run(slots, 4, trials), "run");
        run.start();
        while (slots.log.stream().filter("failed"::equals).count() < 10) {
            Thread.sleep(5);
        }
        Thread.sleep(50);
        assertThat(slots.log.stream().filter("failed"::equals).count()).isBetween(10L, 13L);
        go.countDown();
        run.join(9000);
        assertThat(run.isAlive()).isFalse();
        assertThat(slots.log).anyMatch(line -> line.startsWith("nothing works"));
        assertThat(slots.log.stream().filter("failed"::equals).count()).isLessThan(20L);
    }

    @Test
    void slots_that_come_while_it_runs_are_used_and_lost_ones_are_not() throws Exception {
        AtomicInteger atATime = new AtomicInteger(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        Slots slots = new Slots() {
            @Override
            public LegReport leg(Trial trial, int attempt, Instant startedAt, @Nullable LegReport last) {
                int now = running.incrementAndGet();
                if (go.getCount() == 0) {
                    most.accumulateAndGet(now, Math::max);
                }
                three.countDown();
                try {
                    go.await();
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                running.decrementAndGet();
                return new LegReport(1, TrialStatus.OK, "", "here", "cpu");
            }
        };
        Trial[] trials = Stream.iterate(1, seed -> seed + 1)
                .limit(12)
                .map(seed -> trial("good", seed))
                .toArray(Trial[]::new);
        Thread run = new Thread(
                () -> new TrialScheduler(new Time(), () -> false, atATime::get, 1)
                        .run(List.of(trials), Map.of(), slots),
                "run");
        run.start();
        while (three.getCount() == 3) {
            Thread.onSpinWait();
        }
        assertThat(three.getCount()).isEqualTo(2);
        atATime.set(3);
        assertThat(three.await(9, TimeUnit.SECONDS)).isTrue();
        atATime.set(1);
        go.countDown();
        run.join(9000);
        assertThat(run.isAlive()).isFalse();
        assertThat(slots.log).hasSize(12);
        assertThat(most.get()).isLessThanOrEqualTo(3);
    }
}
