package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.focaldistill.spark.cluster.Console;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of which each second is made up: slots do 1000 units of work a second and tell of it every ten seconds. */
class ProgressTest {
    private static final int HEARTBEAT = 10;
    private static final double SPEED = 1000;
    private static final long IMAGES = 1000;

    private final Map<String, Double> trained = new HashMap<>();
    private final Map<String, Long> told = new HashMap<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private long second;
    private Progress progress;

    private void begin(Workload.Training... trainings) {
        Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
        Workload work = new Workload(List.of(trainings), id -> told.getOrDefault(id, 0L));
        progress = new Progress(console, "trials", work, () -> second * 1_000_000_000);
    }

    @AfterEach
    void close() {
        progress.close();
    }

    private static Workload.Training training(String id, int epochs, int saved, double cost) {
        return new Workload.Training(id, epochs, saved, IMAGES, cost);
    }

    /** So many seconds in which each of some trainings has a slot. */
    private void pass(int seconds, Workload.Training... running) {
        for (int i = 0; i < seconds; i++) {
            second++;
            for (Workload.Training each : running) {
                trained.merge(each.id(), SPEED / each.costOfImage(), Double::sum);
            }
            if (second % HEARTBEAT == 0) {
                trained.forEach((id, images) -> told.put(id, Math.round(images)));
            }
            String unused = progress.look();
        }
    }

    private void assertLeft(double seconds) {
        assertThat(progress.secondsLeft()).isCloseTo(seconds, within(0.03 * seconds + HEARTBEAT));
    }

    @Test
    void right_after_a_resume_the_time_left_is_that_of_the_epochs_to_come() {
        Workload.Training resumed = training("resumed", 1000, 900, 1);
        Workload.Training waiting = training("waiting", 1000, 800, 1);
        begin(resumed, waiting);
        progress.leg("resumed", 900);
        pass(HEARTBEAT, resumed);
        assertLeft(90 + 200);
    }

    /** By images alone it would be 600 s, a fifth of it. */
    @Test
    void a_student_that_costs_nine_times_as_much_takes_nine_times_as_long() {
        Workload.Training small = training("small", 400, 0, 1);
        Workload.Training large = training("large", 300, 0, 9);
        begin(small, large);
        progress.leg("small", 0);
        pass(100, small);
        assertLeft(300 + 2700);
        pass(300, small);
        progress.ended("small", "well");
        progress.leg("large", 0);
        pass(700, large);
        assertLeft(2000);
        assertThat(progress.look()).startsWith("trials: 1 of 2 done, ").contains("| 111 images/s | 33 min ");
    }

    @Test
    void a_failed_attempt_s_epochs_come_back_and_those_of_a_trial_given_up_go() {
        Workload.Training steady = training("steady", 1000, 0, 1);
        Workload.Training failing = training("failing", 1000, 0, 1);
        begin(steady, failing);
        progress.leg("steady", 0);
        progress.leg("failing", 0);
        pass(200, steady, failing);
        assertLeft(800);
        progress.lost("failing");
        assertLeft((800 + 1000) / 2.0);
        progress.failed("failing", "FAILED failing");
        assertLeft(400);
        pass(200, steady);
        assertLeft(600);
    }

    @Test
    void executors_that_go_and_come_show_within_minutes() {
        Workload.Training[] four = IntStream.range(0, 4)
                .mapToObj(i -> training("t" + i, 100_000, 0, 1))
                .toArray(Workload.Training[]::new);
        begin(four);
        for (Workload.Training each : four) {
            progress.leg(each.id(), 0);
        }
        pass(10_000, four);
        assertLeft((400_000 - 40_000) / 4.0);
        pass((int) Progress.WINDOW.toSeconds() + HEARTBEAT, four[0]);
        assertLeft(400_000 - 40_000 - 190);
        pass((int) Progress.WINDOW.toSeconds() + HEARTBEAT, four);
        assertLeft((400_000 - 40_000 - 190 - 760) / 4.0);
    }

    @Test
    void the_speed_of_one_is_told_whatever_it_costs_and_however_many_run() {
        Workload.Training small = training("small", 400, 0, 1);
        Workload.Training large = training("large", 300, 0, 9);
        begin(small, large);
        assertThat(progress.pace()).isNull();
        for (Workload.Training each : List.of(small, large)) {
            progress.began();
            progress.leg(each.id(), 0);
        }
        pass(100, small, large);
        Progress.Pace pace = Objects.requireNonNull(progress.pace());
        assertThat(pace.multiplyAddsPerSecond()).isCloseTo(SPEED, within(0.02 * SPEED));
        assertThat(pace.secondsLeft()).isEqualTo(progress.secondsLeft());
    }

    @Test
    void nothing_is_said_of_time_before_something_was_trained_and_when_nothing_is_any_more() {
        Workload.Training only = training("only", 1000, 0, 1);
        begin(only);
        pass(1000);
        assertThat(progress.secondsLeft()).isNull();
        progress.leg("only", 0);
        pass(HEARTBEAT, only);
        assertLeft(990);
        pass((int) Progress.WINDOW.toSeconds() + HEARTBEAT);
        assertThat(progress.secondsLeft()).isNull();
        assertThat(progress.look()).endsWith("| 0 images/s | ");
    }
}
