package org.focaldistill.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TaskMemoryTest {
    private final AtomicInteger ends = new AtomicInteger();

    private static Object full() {
        throw new IllegalStateException("a step", new OutOfMemoryError("Java heap space"));
    }

    @Test
    void a_full_heap_ends_a_local_run_with_what_to_set_and_is_no_fatal_error_to_spark() {
        assertThatThrownBy(() -> TaskMemory.guarded(TaskMemoryTest::full, true, ends::incrementAndGet))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Java's memory, ")
                .hasMessageContaining("FOCALDISTILL_MEMORY=8g")
                .hasNoCause();
        assertThat(ends).hasValue(1);
    }

    @Test
    void a_full_heap_of_an_executor_is_left_to_spark_which_starts_another() {
        assertThatThrownBy(() -> TaskMemory.guarded(TaskMemoryTest::full, false, ends::incrementAndGet))
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThat(ends).hasValue(0);
    }
}
