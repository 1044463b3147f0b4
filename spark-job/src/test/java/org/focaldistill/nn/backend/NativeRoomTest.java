package org.focaldistill.nn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class NativeRoomTest {
    private static final long MIB = 1 << 20;

    @Test
    void students_enter_while_there_is_room_and_others_wait_until_one_leaves() throws Exception {
        NativeRoom room = new NativeRoom(100 * MIB);
        NativeRoom.Share first = room.take(40 * MIB, "first", () -> false);
        NativeRoom.Share second = room.take(50 * MIB, "second", () -> false);
        CompletableFuture<NativeRoom.Share> third =
                CompletableFuture.supplyAsync(() -> room.take(30 * MIB, "third", () -> false));
        Thread.sleep(50);
        assertThat(third).isNotDone();
        assertThat(room.students()).isEqualTo(2);
        first.close();
        first.close();
        third.get(10, TimeUnit.SECONDS).close();
        second.close();
        assertThat(room.students()).isZero();
    }

    @Test
    void one_that_needs_somewhat_more_than_there_is_has_all_alone_as_needs_are_estimates() {
        NativeRoom room = new NativeRoom(100 * MIB);
        try (NativeRoom.Share alone = room.take(150 * MIB, "large", () -> false)) {
            assertThat(alone).isNotNull();
            AtomicBoolean stopped = new AtomicBoolean(true);
            assertThatThrownBy(() -> room.take(1, "small", stopped::get)).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void one_that_surely_has_no_room_is_refused_with_what_it_takes_what_there_is_and_what_to_set() {
        NativeRoom room = new NativeRoom(100 * MIB);
        assertThatThrownBy(() -> room.take(300 * MIB, "a student", () -> false))
                .isInstanceOf(NativeMemoryException.class)
                .hasMessageStartingWith(
                        "There is no memory for a student: it takes about 300 MiB outside the Java heap,"
                                + " and this process has 100 MiB")
                .hasMessageContaining("run.slots")
                .hasMessageContaining("spark.executor.memoryOverhead");
    }
}
