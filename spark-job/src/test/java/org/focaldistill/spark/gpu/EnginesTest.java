package org.focaldistill.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.focaldistill.sweep.Computation;
import org.focaldistill.train.Engine;
import org.junit.jupiter.api.Test;

class EnginesTest {
    @Test
    void trials_of_today_are_trained_on_deeplearning4j_s_backend() {
        Engine engine = Engines.of(Computation.CPU_FP32);
        assertThat(engine.description()).startsWith("CpuBackend, onednn");
        assertThat(engine.kernels()).isEqualTo("onednn");
    }

    @Test
    void a_trial_of_an_engine_or_of_numbers_that_are_not_here_is_refused_with_both_named() {
        assertThatThrownBy(() -> Engines.of(new Computation("cuda", "int8")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("numerics int8")
                .hasMessageContaining("only in fp32, tf32 and bf16");
        assertThatThrownBy(() -> Engines.of(new Computation("cpu", "bf16"))).hasMessageContaining("numerics bf16");
    }

    @Test
    void without_a_card_its_engine_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> Engines.of(Computation.CUDA_FP32))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("There is no NVIDIA driver here")
                .hasMessageContaining("Install the driver of your card");
    }
}
