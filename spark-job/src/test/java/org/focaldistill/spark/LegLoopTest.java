package org.focaldistill.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.focaldistill.spark.cluster.NoRetryException;
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
}
