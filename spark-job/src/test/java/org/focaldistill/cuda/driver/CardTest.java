package org.focaldistill.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver's functions as Java calls them. */
class CardTest {
    private Card card;
    private CardStream stream;
    private long freeBefore;

    @BeforeEach
    void open() throws NoCardException {
        card = StandIn.card();
        freeBefore = card.freeMemory();
        stream = card.stream();
    }

    @AfterEach
    void nothingIsLeft() {
        stream.close();
        assertThat(card.freeMemory()).isEqualTo(freeBefore);
        card.close();
    }

    @Test
    void it_says_what_it_is() {
        assertThat(card.info())
                .hasToString("Stand-in on a CPU (GPU-a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf, compute capability 8.6,"
                        + " 8.0 GiB, driver for CUDA 11.0)");
    }

    @Test
    void a_card_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> Card.open(StandIn.driver(), 1))
                .isInstanceOf(NoCardException.class)
                .hasMessage("There is no card 1 among the 1 that this process sees. Check nvidia-smi -L and"
                        + " CUDA_VISIBLE_DEVICES");
    }

    @Test
    void what_is_copied_to_it_comes_back() {
        try (CardMemory memory = card.allocate(64)) {
            stream.upload(new float[] {1.5f, -0f, Float.NaN}, memory, 8);
            stream.upload(new int[] {Integer.MIN_VALUE, 7}, memory, 24);
            stream.upload(new long[] {-2}, memory, 40);
            stream.clear(memory, 12, 4);
            assertThat(stream.floats(memory, 8, 3)).containsExactly(1.5f, 0f, Float.NaN);
            assertThat(stream.ints(memory, 24, 2)).containsExactly(Integer.MIN_VALUE, 7);
            assertThat(stream.ints(memory, 40, 2)).containsExactly(-2, -1);
        }
    }

    @Test
    void copies_beyond_a_piece_of_memory_are_refused() {
        try (CardMemory memory = card.allocate(8)) {
            assertThatThrownBy(() -> stream.upload(new int[2], memory, 4))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("8 bytes from 4 are not within 8 bytes of the card");
            assertThatThrownBy(() -> stream.floats(memory, -4, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void too_little_memory_is_told_apart_from_other_errors() {
        CudaException full = catchThrowableOfType(CudaException.class, () -> card.allocate(1L << 40));
        assertThat(full.isOutOfMemory()).isTrue();
        assertThat(full)
                .hasMessage(
                        "The NVIDIA driver could not allocate 1048576.0 MiB where 8192.0 MiB are free (fewer trials at a time"
                                + " need less) on the card Stand-in on a CPU: CUDA_ERROR_OUT_OF_MEMORY (out of memory)");
        CudaException wrong = catchThrowableOfType(CudaException.class, () -> card.allocate(0));
        assertThat(wrong.isOutOfMemory()).isFalse();
        assertThat(wrong.name()).isEqualTo("CUDA_ERROR_INVALID_VALUE");
    }

    @Test
    void memory_freed_twice_is_freed_once() {
        CardMemory memory = card.allocate(1 << 20);
        assertThat(card.freeMemory()).isEqualTo(freeBefore - (1 << 20));
        memory.close();
        memory.close();
        assertThat(card.freeMemory()).isEqualTo(freeBefore);
    }

    @Test
    void kernels_are_launched_with_the_arguments_that_they_take() {
        Ptx ptx = Ptx.parse("two.ptx", ".version 7.0 .visible .entry head_offsets(\n.param .u64 a\n) {}");
        try (Kernels kernels = card.load(ptx);
                CardMemory memory = card.allocate(1024)) {
            Kernel kernel = kernels.kernel("head_offsets");
            Kernel.Grid one = new Kernel.Grid(1, 1, 1);
            stream.launch(kernel, one, 1, memory.address());
            assertThat(stream.ints(memory, 0, 2)).containsExactly(0, 8);
            assertThatThrownBy(() -> stream.launch(kernel, one, 1))
                    .hasMessage("head_offsets takes 1 arguments, found 0");
            assertThatThrownBy(() -> stream.launch(kernel, one, 1, 3))
                    .hasMessage("Argument 0 of head_offsets has 8 bytes, found 3 of type Integer");
            assertThatThrownBy(() -> kernels.kernel("nothing")).hasMessage("There is no kernel nothing in two.ptx");
        }
    }

    @Test
    void kernels_that_the_driver_does_not_take_are_refused() {
        assertThatThrownBy(() -> card.load(Ptx.parse("no.ptx", "no PTX")))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("could not load no.ptx on the card Stand-in on a CPU: CUDA_ERROR_INVALID_PTX");
    }

    @Test
    void recorded_work_is_done_when_its_graph_is_launched_each_time() {
        Ptx ptx = Ptx.parse("one.ptx", ".version 7.0 .visible .entry head_offsets(\n.param .u64 a\n) {}");
        try (Kernels kernels = card.load(ptx);
                CardMemory memory = card.allocate(1024)) {
            Kernel kernel = kernels.kernel("head_offsets");
            stream.clear(memory, 0, 1024);
            try (CardGraph graph =
                    stream.record(() -> stream.launch(kernel, new Kernel.Grid(1, 1, 1), 1, memory.address()))) {
                assertThat(stream.ints(memory, 4, 1)).containsExactly(0);
                stream.launch(graph);
                assertThat(stream.ints(memory, 4, 1)).containsExactly(8);
                stream.clear(memory, 0, 1024);
                stream.launch(graph);
                assertThat(stream.ints(memory, 4, 1)).containsExactly(8);
            }
        }
    }
}
