package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkException;
import org.focaldistill.spark.cluster.NoRetryException;
import org.focaldistill.sweep.TrialStatus;
import org.junit.jupiter.api.Test;

class LegLoopTest {
    private static final DriverClock NO_PAUSES = new DriverClock() {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void pause(Duration time, BooleanSupplier stopped) {}
    };

    private static List<String> endsOf(Exception failure) {
        List<String> ends = new ArrayList<>();
        LegReport none = new LegLoop(NO_PAUSES, () -> false, 3)
                .run(
                        1,
                        (attempt, startedAt, last) -> {
                            throw new IOException(failure);
                        },
                        (attempt, startedAt, end, last, error) -> ends.add(attempt + " " + end));
        assertThat(none).isNull();
        return ends;
    }

    @Test
    void what_breaks_is_tried_again() {
        assertThat(endsOf(new IOException("gone for a while"))).containsExactly("1 FAILED", "2 FAILED", "3 FAILED");
    }

    @Test
    void what_no_other_attempt_mends_ends_a_trial_at_its_first() {
        assertThat(endsOf(new NoRetryException("does not fit"))).containsExactly("1 FAILED");
    }

    /** How the attempts end where each leg does what its entry says: it is done, fails, or loses its executor. */
    private static List<String> endsOf(String... legs) {
        List<String> ends = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        LegReport unused = new LegLoop(NO_PAUSES, () -> false, 3)
                .run(
                        1,
                        (attempt, startedAt, last) -> {
                            int leg = next.getAndIncrement();
                            String what = leg < legs.length ? legs[leg] : legs[legs.length - 1];
                            if (what.equals("done")) {
                                return new LegReport(leg + 1, null, "", "here", "cpu");
                            }
                            if (what.equals("end")) {
                                return new LegReport(leg + 1, TrialStatus.OK, "", "here", "cpu");
                            }
                            if (what.equals("lost")) {
                                throw new IllegalStateException(
                                        new SparkException("Lost task 0.0 in stage 1.0 (TID 7) (there executor 2):"
                                                + " ExecutorLostFailure (executor 2 exited)"));
                            }
                            if (what.equals("taken")) {
                                throw new IllegalStateException(
                                        new SparkException("Lost task 0.0 in stage 1.0 (TID 7) (there executor 2):"
                                                + " Executor taken away: ExecutorLostFailure (executor 2 exited)"));
                            }
                            throw new IOException("gone for a while");
                        },
                        (attempt, startedAt, end, last, error) -> ends.add(attempt + " " + end));
        return ends;
    }

    @Test
    void an_attempt_that_moved_the_training_on_is_the_first_again() {
        assertThat(endsOf("fails", "fails", "done", "fails", "fails", "done", "fails", "done", "end"))
                .containsExactly("1 FAILED", "2 FAILED", "3 FAILED", "4 FAILED", "5 FAILED", "6 OK");
        assertThat(endsOf("fails", "fails", "done", "fails", "fails", "fails"))
                .containsExactly("1 FAILED", "2 FAILED", "3 FAILED", "4 FAILED", "5 FAILED");
    }

    @Test
    void a_leg_that_is_done_again_and_again_is_no_progress() {
        List<String> ends = new ArrayList<>();
        LegReport unused = new LegLoop(NO_PAUSES, () -> false, 3)
                .run(
                        1,
                        // As where the checkpoint after epoch 20 does not read back.
                        (attempt, startedAt, last) -> new LegReport(20, null, "", "here", "cpu"),
                        (attempt, startedAt, end, last, error) -> ends.add(attempt + " " + end));
        assertThat(ends).containsExactly("1 FAILED", "2 FAILED", "3 FAILED");
    }

    @Test
    void lost_executors_cost_no_attempt_up_to_a_bound() {
        assertThat(endsOf("lost", "lost", "lost", "lost", "fails", "fails", "end"))
                .containsExactly("1 LOST", "2 LOST", "3 LOST", "4 LOST", "5 FAILED", "6 FAILED", "7 OK");
        assertThat(endsOf("lost")).hasSize(10).last().isEqualTo("10 LOST");
    }

    @Test
    void executors_that_the_cluster_takes_away_are_borne_with_for_much_longer() {
        assertThat(endsOf("taken")).hasSize(100).last().isEqualTo("100 LOST");
    }
}
