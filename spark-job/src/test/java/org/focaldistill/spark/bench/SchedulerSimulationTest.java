package org.focaldistill.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.focaldistill.spark.bench.SchedulerSimulation.Result;
import org.junit.jupiter.api.Test;

class SchedulerSimulationTest {
    private static final double NEVER = 1e12;

    @Test
    void without_failures_slots_are_busy_until_the_last_trials_and_nothing_is_done_twice() {
        Result result = new SchedulerSimulation(2000, 50, 40, 10, 60, NEVER, 3).run();

        assertThat(result.finished()).isEqualTo(2000);
        assertThat(result.failures()).isZero();
        assertThat(result.runs()).isEqualTo(1);
        assertThat(result.lostShare()).isZero();
        // 2000 trials of 40 minutes on 50 slots.
        assertThat(result.idealHours()).isCloseTo(2000 * 40 / 60.0 / 50, within(0.5));
        // Never better than ideal, and worse by at most a trial, the longest, on one slot.
        assertThat(result.makespanHours()).isBetween(result.idealHours(), result.idealHours() + 1.2 * 40 / 60.0);
    }

    @Test
    void failures_cost_what_was_done_since_the_last_checkpoint_and_every_trial_ends() {
        SchedulerSimulation simulation = new SchedulerSimulation(2000, 50, 40, 10, 60, 10, 3);
        Result result = simulation.run();

        assertThat(result.finished()).isEqualTo(2000);
        // 1333 hours of work, a failure each 10: about 133, and some more in what is done again.
        assertThat(result.failures()).isBetween(80L, 200L);
        // A failure loses half a leg of 10 minutes on average, at most one.
        assertThat(result.lostShare() * 2000 * 40 * 60).isBetween(60.0 * result.failures(), 720.0 * result.failures());
        assertThat(result.makespanHours()).isLessThan(1.1 * result.idealHours());
        Result again = simulation.run();
        assertThat(again.finished()).isEqualTo(result.finished());
        assertThat(again.failures()).isEqualTo(result.failures());
        assertThat(again.makespanHours()).isEqualTo(result.makespanHours());
        assertThat(again.lostShare()).isEqualTo(result.lostShare());
    }

    @Test
    void trials_that_fail_for_good_are_done_when_the_command_is_given_again_from_their_checkpoints() {
        // A failure an hour, and trials of 40 minutes in one attempt each: many do not get through at once.
        Result result = new SchedulerSimulation(500, 50, 40, 10, 60, 1, 1).run();

        assertThat(result.runs()).isGreaterThan(1);
        assertThat(result.finished()).isEqualTo(500);
        // The epochs that were saved are not done again: all useful work is the trials' own.
        assertThat(result.idealHours()).isCloseTo(500 * 40 / 60.0 / 50, within(0.3));
    }

    @Test
    void fewer_trials_than_slots_take_as_long_as_the_longest() {
        Result result = new SchedulerSimulation(7, 1000, 10, 10, 60, NEVER, 1).run();

        assertThat(result.finished()).isEqualTo(7);
        assertThat(result.makespanHours()).isBetween(0.8 * 10 / 60, 1.2 * 10 / 60);
    }
}
