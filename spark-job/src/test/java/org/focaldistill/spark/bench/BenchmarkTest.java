package org.focaldistill.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class BenchmarkTest {
    private final AtomicInteger warmUps = new AtomicInteger();

    @Test
    void warming_up_ends_when_the_compilers_are_done() throws IOException {
        assertThat(compilingAfter(number -> number < 3 ? 0.03 : 0.029)).isEqualTo(0.029);
        assertThat(warmUps).hasValue(3);
    }

    @Test
    void compilers_that_are_never_done_are_waited_for_eight_times() throws IOException {
        assertThat(compilingAfter(number -> 1.0 / number)).isEqualTo(1.0 / 8);
        assertThat(warmUps).hasValue(8);
    }

    private double compilingAfter(IntToDoubleFunction compiling) throws IOException {
        return Benchmark.compilingAfter(() -> compiling.applyAsDouble(warmUps.incrementAndGet()));
    }
}
