package org.focaldistill.nn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class NativeMemoryExceptionTest {
    /** More than any address space has. */
    private static final long TOO_MANY = 1L << 45;

    @Test
    void a_failed_allocation_of_javacpp_is_told_with_what_there_is_and_what_to_set_however_deep_it_lies() {
        OutOfMemoryError own = (OutOfMemoryError) catchThrowable(() -> new FloatPointer(TOO_MANY).close());
        NativeMemoryException told =
                NativeMemoryException.of(new IllegalStateException("a step", new RuntimeException("a layer", own)));
        assertThat(told)
                .hasMessageStartingWith("A native allocation failed: ")
                .hasMessageContaining("This process may take ")
                .hasMessageContaining("run.slots")
                .hasNoCause();
        assertThat(told.getSuppressed()).hasSize(1);
    }

    @Test
    void a_failed_allocation_of_an_array_is_one_too() {
        Throwable own = catchThrowable(() -> Nd4j.createUninitializedDetached(DataType.FLOAT, TOO_MANY));
        assertThat(own).isInstanceOf(RuntimeException.class);
        assertThat(NativeMemoryException.of(own)).hasMessageContaining("bad_alloc");
    }

    @Test
    void a_full_java_heap_and_what_has_nothing_to_do_with_memory_are_none() {
        assertThat(NativeMemoryException.of(new OutOfMemoryError("Java heap space")))
                .isNull();
        assertThat(NativeMemoryException.of(new IllegalStateException("Cannot read a file")))
                .isNull();
        assertThat(NativeMemoryException.of(new RuntimeException())).isNull();
    }
}
