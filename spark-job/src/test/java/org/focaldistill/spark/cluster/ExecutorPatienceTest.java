package org.focaldistill.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExecutorPatienceTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicBoolean there = new AtomicBoolean(true);
    private final List<String> ends = new ArrayList<>();

    @Test
    void a_run_that_has_no_executor_for_the_whole_time_ends_once_and_one_that_has_some_in_between_goes_on() {
        try (ExecutorPatience patience = new ExecutorPatience(there::get, Duration.ofHours(1), now::get, ends::add)) {
            after(Duration.ofDays(9), patience);
            there.set(false);
            after(Duration.ofMinutes(59), patience);
            there.set(true);
            after(Duration.ofMinutes(2), patience);
            there.set(false);
            after(Duration.ofMinutes(59), patience);
            assertThat(ends).isEmpty();
            after(Duration.ofMinutes(1), patience);
            after(Duration.ofMinutes(1), patience);
            assertThat(ends)
                    .singleElement()
                    .asString()
                    .startsWith("For 1 h 0 min no executor was there that can be used (run.executorWaitMinutes)");
        }
    }

    private void after(Duration time, ExecutorPatience patience) {
        now.addAndGet(time.toNanos());
        patience.look();
    }
}
